#!/usr/bin/env python3
"""Times forward passes in onnxruntime, of the exported weights; one JSON line a measurement.

    .venv-peer/bin/python Benchmarks/peers/onnx_peer.py FOLDER --export    writes FOLDER/onnx/WORKLOAD.bN.onnx
    .venv-peer/bin/python Benchmarks/peers/onnx_peer.py FOLDER [--check]

FOLDER holds weights and batches as `aviary-benchmarks --export` writes them. Only f32: onnxruntime's CPU kernels have
no bf16. A process that times does not import PyTorch, so that its peak memory is onnxruntime's own.
"""
import os

import measurements
from measurements import show


def arguments():
    options = measurements.parser(__doc__)
    options.add_argument("folder")
    options.add_argument("--export", action="store_true", help="make the models, by PyTorch, and time none")
    options.add_argument("--check", action="store_true", help="compute the outputs of the exported batch")
    return options.parse_args()


def forward_passes():
    every = measurements.all_measurements(inference=True)
    return [m for m in every if m.batch is not None and m.variant == "f32"]


def model_path(folder, measurement):
    return os.path.join(folder, "onnx", f"{measurement.workload}.b{measurement.batch}.onnx")


def export(folder, measurement):
    import torch

    import workloads

    # One operation that has no form in ONNX; without it each layer is written out.
    torch.backends.mha.set_fastpath_enabled(False)
    workload = workloads.WORKLOADS[measurement.workload]
    model = workload.model("f32", drops=False).eval()
    workloads.load_weights(model, folder, measurement.workload)
    path = model_path(folder, measurement)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    torch.onnx.export(
        model, (workload.inputs(measurement.batch),), path, dynamo=True, external_data=False, verbose=False,
        input_names=["inputs"], output_names=["outputs"])


def session(folder, measurement, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model_path(folder, measurement), options, providers=["CPUExecutionProvider"])


def inputs(folder, measurement):
    from safetensors.numpy import load_file

    batches = load_file(os.path.join(folder, f"{measurement.workload}.batches.safetensors"))
    return batches["inputs.0"][: measurement.batch]


def peer():
    import onnxruntime

    return f"onnxruntime {onnxruntime.__version__}"


def check(folder, measurement, threads):
    from safetensors.numpy import save_file

    (output,) = session(folder, measurement, threads).run(None, {"inputs": inputs(folder, measurement)})
    path = os.path.join(folder, "onnx", f"{measurement.workload}.{measurements.name(measurement)}.safetensors")
    save_file({"output": output}, path)
    show(dict(
        peer=peer(), workload=measurement.workload, variant=measurements.name(measurement), kind="infer",
        losses=[], tensors=path))


def time_passes(folder, measurement, threads, repeats):
    run, given = session(folder, measurement, threads), {"inputs": inputs(folder, measurement)}
    found = measurements.times(lambda: run.run(None, given), repeats)
    show(measurements.row(peer(), measurement, "onnxruntime", found))


def main():
    options = arguments()
    chosen = measurements.chosen(forward_passes(), options)
    if options.export:
        for measurement in chosen:
            export(options.folder, measurement)
    elif len(chosen) > 1:
        passed_on = [os.path.abspath(options.folder), "--repeats", str(options.repeats)]
        passed_on += ["--threads", str(options.threads)] + ["--check"] * options.check
        measurements.each_in_its_own_process(os.path.abspath(__file__), chosen, passed_on)
    elif options.check:
        check(options.folder, chosen[0], options.threads)
    else:
        time_passes(options.folder, chosen[0], options.threads, options.repeats)


if __name__ == "__main__":
    main()
