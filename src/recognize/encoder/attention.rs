//! Self-attention of one window, in f32.

use super::{mismatch, view};
use crate::Result;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::SimdOp;
use rten_vecmath::Softmax;

/// Every piece attends to every piece: `projected` holds queries (already scaled), keys and values side by side in
/// rows of three times `hidden`; the result is written to `context` in rows of `hidden`.
pub(super) fn attend(
    projected: &[f32],
    rows: usize,
    hidden: usize,
    heads: usize,
    context: &mut [f32],
) -> Result<()> {
    if rows == 0 {
        return Ok(());
    }
    let gemm = GemmExecutor::<f32>::default();
    let (width, stride) = (hidden / heads, 3 * hidden);
    let mut scores = vec![0.0; rows * rows];
    let mut mixed = vec![0.0; rows * width];
    for head in 0..heads {
        let part = |which: usize| &projected[which * hidden + head * width..];
        let queries = view([rows, width], part(0), [stride, 1])?;
        let keys = view([width, rows], part(1), [1, stride])?;
        let values = view([rows, width], part(2), [stride, 1])?;
        let (left, right) = (GemmInputA::Unpacked(queries), GemmInputB::Unpacked(keys));
        gemm.gemm(&mut scores, left, right, GemmOptions::default()).map_err(mismatch)?;
        for row in scores.chunks_exact_mut(rows) {
            Softmax::new_mut(row).dispatch();
        }
        let weights = view([rows, rows], &scores, [rows, 1])?;
        let (left, right) = (GemmInputA::Unpacked(weights), GemmInputB::Unpacked(values));
        gemm.gemm(&mut mixed, left, right, GemmOptions::default()).map_err(mismatch)?;
        for (from, to) in mixed.chunks_exact(width).zip(context.chunks_exact_mut(hidden)) {
            to[head * width..][..width].copy_from_slice(from);
        }
    }
    Ok(())
}
