"""The German recogniser as ONNX, to run the same weights through other engines."""

import json


def exported(folder, to):
    """The model as ONNX: in f32, and in int8 with weights per channel and dynamic activations."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.torch import load_file
    from torch import nn
    from torch.nn import functional as F

    config = json.loads((folder / "config.json").read_text())
    t = load_file(folder / "model.safetensors")
    hidden, heads = config["hidden"], config["heads"]

    def linear(name):
        weight = t[name + ".weight"].float() * t[name + ".scale"][:, None]
        made = nn.Linear(weight.shape[1], weight.shape[0])
        made.weight.data, made.bias.data = weight, t[name + ".bias"]
        return made

    def norm(name):
        made = nn.LayerNorm(hidden, config["layer_norm_eps"])
        made.weight.data, made.bias.data = t[name + ".weight"], t[name + ".bias"]
        return made

    class Layer(nn.Module):
        def __init__(self, name):
            super().__init__()
            self.qkv, self.out = linear(name + ".attention.qkv"), linear(name + ".attention.out")
            self.widen, self.narrow = linear(name + ".ffn.in"), linear(name + ".ffn.out")
            self.first, self.second = norm(name + ".attention.norm"), norm(name + ".ffn.norm")

        def forward(self, x):
            q, k, v = self.qkv(x).view(-1, 3, heads, hidden // heads).permute(1, 2, 0, 3)
            mixed = ((q @ k.transpose(1, 2)).softmax(-1) @ v).transpose(0, 1).reshape(-1, hidden)
            x = self.first(x + self.out(mixed))
            return self.second(x + self.narrow(F.gelu(self.widen(x))))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.word = nn.Parameter(t["embeddings.word.weight"].float() * t["embeddings.word.scale"][:, None])
            self.position = nn.Parameter(t["embeddings.position.weight"])
            self.norm = norm("embeddings.norm")
            self.layers = nn.ModuleList(Layer(f"layers.{i}") for i in range(config["layers"]))
            self.head = nn.Linear(hidden, len(config["labels"]))
            self.head.weight.data, self.head.bias.data = t["head.weight"], t["head.bias"]

        def forward(self, ids):
            x = self.norm(self.word[ids] + self.position[: ids.shape[0]])
            for layer in self.layers:
                x = layer(x)
            return self.head(x)

    exact = to / "f32.onnx"
    torch.onnx.export(
        Model().eval(), (torch.arange(5, 25),), exact, input_names=["ids"], output_names=["logits"],
        dynamic_axes={"ids": {0: "n"}, "logits": {0: "n"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(exact, to / "int8.onnx", per_channel=True, weight_type=QuantType.QInt8,
                     extra_options={"MatMulConstBOnly": True})  # fmt: skip
    return exact, to / "int8.onnx"
