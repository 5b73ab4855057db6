"""The loop that fits a tagger: resumable, a checkpoint after every epoch, outside git."""

import json
import time
from pathlib import Path

import torch

from encoder import Tagger


def optimizer_of(model: Tagger, rate: float, total: int):
    """AdamW, the head five times as fast, the embeddings at a third; and a short rise with a linear fall over `total` steps."""
    groups = {"body": [], "head": [], "word": []}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            kind = "head" if name.startswith("head") else "word" if name.startswith("word") else "body"
            groups[kind].append(parameter)
    rates = {"body": rate, "head": rate * 5, "word": rate / 3}
    optimizer = torch.optim.AdamW(
        [{"params": ps, "lr": rates[g], "weight_decay": 0.01 if g == "body" else 0.0} for g, ps in groups.items()],
        betas=(0.9, 0.98),
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / (0.06 * total), max(0.0, (total - s) / (0.94 * total)))
    )
    return optimizer, schedule


def fit(model: Tagger, epochs: list[list], loss_of_batch, rate: float, folder: Path, keep: dict, log: dict):
    """Runs `loss_of_batch(batch)`, a loss and its number of pieces, over all epochs, from where an earlier run stopped.

    `keep` goes into the checkpoint, `log` into each line of the log.
    """
    total = sum(map(len, epochs))
    optimizer, schedule = optimizer_of(model, rate, total)
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state.pt"
    first = 0
    average = None
    if state.exists():
        saved = torch.load(state, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        average, first = saved["average"], saved["epoch"]
    done = sum(map(len, epochs[:first]))
    began = time.time()
    for epoch in range(first, len(epochs)):
        model.train()
        sums, pieces = 0.0, 0
        for number, batch in enumerate(epochs[epoch]):
            loss, size = loss_of_batch(batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            sums += loss.item()
            pieces += size
            done += 1
            if done > 0.75 * total and number % 10 == 0:
                # The mean over the last quarter is steadier than the end.
                with torch.no_grad():
                    now = {k: v.detach().clone() for k, v in model.state_dict().items()}
                    if average is None:
                        average = {"n": 1, "weights": now}
                    else:
                        average["n"] += 1
                        for k, v in average["weights"].items():
                            v += (now[k] - v) / average["n"]
            if number % 20 == 19:
                spent = time.time() - began
                place = f"epoch {epoch + 1} step {number + 1}/{len(epochs[epoch])}"
                print(f"{place} loss {sums / (number + 1):.4f} {pieces} pieces {spent:.0f} s", flush=True)
        saved = {
            "model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
            "average": average, "epoch": epoch + 1,
        }  # fmt: skip
        torch.save(saved | keep, state.with_suffix(".new"))
        state.with_suffix(".new").rename(state)
        line = {"epoch": epoch + 1, "loss": sums / len(epochs[epoch]), "seconds": time.time() - began}
        with open(folder / "log.jsonl", "a") as file:
            print(json.dumps(line | log), file=file)
