"""Tiny random checkpoints of every kind the program takes, and what transformers finds with them, for `tests/rust_bert.rs`.

    python scripts/rust-bert/tiny.py tests/data/checkpoints [KIND …]

What they find makes no sense; that rust-bert finds the same does. Label schemes and tokenizers differ from one to the next.
"""

import json
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForTokenClassification

import reference

HERE = Path(__file__).parent
PIECES = 220
HIDDEN, HEADS, WIDE, LAYERS, POSITIONS = 16, 2, 24, 2, 40
SIZES = {
    "hidden_size": HIDDEN,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": WIDE,
    "layer_norm_eps": 1e-12,
}
BIO = ["O", *(f"{place}-{kind}" for kind in ("PER", "LOC", "ORG", "MISC") for place in "BI")]
IOB1 = ["B-LOC", "B-MISC", "I-LOC", "I-MISC", "I-ORG", "I-PER", "O"]
BIOES = ["O", *(f"{place}-{kind}" for kind in ("PER", "GPE", "DATE") for place in "BIES")]
IO = ["O", "person", "location", "product"]
FORMS = ["O", *(f"{place}-{kind}" for kind in ("PER", "LOC", "LOCderiv", "ORGpart") for place in "BI")]

# kind of tokenizer, labels, the program's --labels, settings beyond SIZES
CHECKPOINTS = {
    "albert": ("unigram", BIO, [], {"embedding_size": 8, "bos_token_id": 2, "eos_token_id": 3}),
    "bert": ("wordpiece", BIO, [], {}),
    "camembert": ("unigram", IOB1, [], {}),
    "distilbert": ("wordpiece", IO, ["product=OTH"], {"dim": HIDDEN, "n_layers": LAYERS, "n_heads": HEADS, "hidden_dim": WIDE}),
    "electra": ("wordpiece", FORMS, [], {"embedding_size": 8}),
    "fnet": ("unigram", BIO, [], {}),
    "mobilebert": ("wordpiece", BIOES, ["DATE=OTH", "PER=O"], {"embedding_size": 8, "intra_bottleneck_size": 8,
                   "num_feedforward_networks": 2, "true_hidden_size": 8}),
    "roberta": ("bytes", BIOES, [], {}),
    "xlm-roberta": ("unigram", FORMS, [], {}),
    "xlnet": ("unigram", BIO, [], {"d_model": HIDDEN, "n_layer": LAYERS, "n_head": HEADS, "d_inner": WIDE}),
}  # fmt: skip


def tokenizer(kind: str, name: str, texts: list[str]) -> Tokenizer:
    if kind == "wordpiece":
        made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        made.normalizer = normalizers.BertNormalizer(lowercase=name == "electra", strip_accents=False)
        made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        trainer = trainers.WordPieceTrainer(vocab_size=PIECES, special_tokens=special, limit_alphabet=120, show_progress=False)
        ends = "[CLS] $A [SEP]", ("[CLS]", "[SEP]")
    elif kind == "bytes":
        made = Tokenizer(models.BPE(unk_token="<unk>"))
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trainer = trainers.BpeTrainer(vocab_size=PIECES + 100, special_tokens=special, show_progress=False,
                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet())  # fmt: skip
        ends = "<s> $A </s>", ("<s>", "</s>")
    else:
        made = Tokenizer(models.Unigram())
        made.normalizer = normalizers.NFKC()
        made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
        made.decoder = decoders.Metaspace()
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trainer = trainers.UnigramTrainer(vocab_size=PIECES, special_tokens=special, unk_token="<unk>", show_progress=False)
        # XLNet's marks come after the sentence, the last in a segment of its own.
        ends = ("$A </s> <s>:2", ("<s>", "</s>")) if name == "xlnet" else ("<s> $A </s>", ("<s>", "</s>"))
    made.train_from_iterator(texts, trainer)
    template, marks = ends
    marks = [(mark, made.token_to_id(mark)) for mark in marks]
    made.post_processor = processors.TemplateProcessing(single=template, special_tokens=marks)
    if kind == "bytes":
        made.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), made.post_processor])
    return made


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    sentences = subprocess.run([sys.executable, HERE / "sentences.py"], capture_output=True, check=True).stdout
    (out / "sentences.jsonl").write_bytes(sentences)
    texts = [json.loads(line)["text"] for line in sentences.splitlines()]
    transformers.logging.set_verbosity_error()
    for number, (name, (kind, labels, mapped, more)) in enumerate(CHECKPOINTS.items()):
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        folder = out / name
        folder.mkdir(exist_ok=True)
        made = tokenizer(kind, name, texts)
        made.save(str(folder / "tokenizer.json"), pretty=False)
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] if kind == "wordpiece" else ["<pad>", "<unk>", "<s>", "</s>"]
        settings = {"tokenizer_class": "PreTrainedTokenizerFast"}
        settings |= dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), special))
        (folder / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
        padded = name in reference.PADDED
        positions = {} if name == "xlnet" else {"max_position_embeddings": POSITIONS + 2 * padded}
        config = AutoConfig.for_model(
            name,
            # A few more than the tokenizer has, as it often is.
            **SIZES | {"vocab_size": made.get_vocab_size() + 5} | positions | more,
            pad_token_id=made.token_to_id(special[0]),
            id2label=dict(enumerate(labels)),
            label2id={label: i for i, label in enumerate(labels)},
        )
        torch.manual_seed(number)
        model = AutoModelForTokenClassification.from_config(config).eval()
        for parameter in model.parameters():
            # Wide enough that labels change from word to word; near one where norms are scaled.
            parameter.data = torch.randn_like(parameter) * 0.3 + (parameter.data if parameter.dim() == 1 else 0)
        # Half the size; both sides compute with the same numbers in f32.
        model.half().save_pretrained(folder)
        checkpoint = reference.Checkpoint(folder, dict(one.split("=") for one in mapped))
        found = [reference.found(checkpoint, line) for line in sentences.splitlines()]
        (folder / "reference.jsonl").write_text("".join(json.dumps(names) + "\n" for names in found))
        count = sum(map(len, found))
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name}: {count} names, {size} bytes", flush=True)


if __name__ == "__main__":
    main()
