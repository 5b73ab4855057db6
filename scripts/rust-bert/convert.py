"""Makes a folder that the program loads of a token-classification checkpoint that it does not: weights in pytorch_model.bin, in
several files or under old names, tokenizers without tokenizer.json.

    python scripts/rust-bert/convert.py CHECKPOINT FOLDER

What transformers can read, it can convert. `namenlese models check FOLDER` says whether the rest fits.
"""

import argparse
from pathlib import Path

import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint, use_fast=True)
    model, loaded = AutoModelForTokenClassification.from_pretrained(
        options.checkpoint, dtype=torch.float32, output_loading_info=True
    )
    if loaded["missing_keys"]:
        parser.error(f"{options.checkpoint} has no {loaded['missing_keys'][0]}: it is no model for token classification")
    # One file, whatever its size.
    model.save_pretrained(options.folder, max_shard_size="1TB")
    tokenizer.save_pretrained(options.folder)


if __name__ == "__main__":
    main()
