"""The dequantised graph computes what the quantised one stood for."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from install.kokoro_graph import KokoroGraphUnknown, dequantise

RANDOM = np.random.default_rng(7)


def float_graph(path: Path) -> None:
    """A small network of the same parts as Kokoro: convolution with bias, and two layers that share their weight."""
    kernel = RANDOM.normal(size=(8, 4, 3)).astype(np.float32)
    bias = RANDOM.normal(size=8).astype(np.float32)
    weight = RANDOM.normal(size=(16, 16)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "kernel", "bias"], ["convolved"], pads=[1, 1], name="conv"),
        helper.make_node("MatMul", ["convolved", "weight"], ["once"], name="first"),
        helper.make_node("MatMul", ["once", "weight"], ["y"], name="second"),
    ]
    constants = [
        numpy_helper.from_array(array, name)
        for name, array in (("kernel", kernel), ("bias", bias), ("weight", weight))
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 8, 16])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, str(path))


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path, Path]:
    original, quantised, restored = (tmp_path / name for name in ("float.onnx", "int8.onnx", "restored.onnx"))
    float_graph(original)
    quantize_dynamic(
        original, quantised, op_types_to_quantize=["Conv", "MatMul"], weight_type=QuantType.QUInt8
    )
    return original, quantised, restored


def run(path: Path, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {"x": x})
    return np.asarray(y)


def test_the_restored_graph_is_nearer_to_the_original_than_the_quantised(
    paths: tuple[Path, Path, Path],
) -> None:
    original, quantised, restored = paths
    assert dequantise(quantised, restored) == 3
    x = RANDOM.normal(size=(1, 4, 16)).astype(np.float32)
    wanted = run(original, x)
    error = np.abs(run(restored, x) - wanted).mean()
    assert error < np.abs(run(quantised, x) - wanted).mean()
    assert error < 0.03 * np.abs(wanted).mean()


def test_no_integer_kernel_is_left_and_shared_weights_stay_shared(paths: tuple[Path, Path, Path]) -> None:
    _, quantised, restored = paths
    dequantise(quantised, restored)
    graph = onnx.load(str(restored)).graph
    kinds = {node.op_type for node in graph.node}
    assert not kinds & {"ConvInteger", "MatMulInteger", "DynamicQuantizeLinear"}
    assert sum(tuple(tensor.dims) == (16, 16) for tensor in graph.initializer) == 1
    onnx.checker.check_model(str(restored))


def test_a_graph_without_integer_kernels_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    float_graph(tmp_path / "float.onnx")
    with pytest.raises(KokoroGraphUnknown, match=r"float\.onnx holds no integer kernel"):
        dequantise(tmp_path / "float.onnx", tmp_path / "restored.onnx")
    assert not (tmp_path / "restored.onnx").exists()
