//! The objects inside a record, as they stand in JSON.

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SourceField {
    pub path: String,
    pub format: String,
    pub encoding: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageField {
    pub code: String,
    #[serde(default)]
    pub confidence: f32,
    #[serde(default)]
    pub script: String,
    #[serde(default)]
    pub assumed: bool,
    #[serde(default)]
    pub exceptions: Vec<ExceptionField>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionField {
    pub start: usize,
    pub end: usize,
    pub code: String,
    #[serde(default)]
    pub confidence: f32,
    #[serde(default)]
    pub script: String,
    #[serde(default)]
    pub assumed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MentionField {
    pub start: usize,
    pub end: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    pub label: String,
    #[serde(default = "certain")]
    pub score: f64,
    #[serde(default = "name")]
    pub form: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal: Option<NormalField>,
}

fn certain() -> f64 {
    1.0
}

fn name() -> String {
    "name".into()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NormalField {
    pub candidates: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title_or_role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultField {
    pub stage: String,
    pub kind: String,
    pub reason: String,
}
