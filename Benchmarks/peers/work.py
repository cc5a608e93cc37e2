"""Counts what a step has to do at least, whoever does it."""
import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

import measurements
from workloads import DRAWN_EVERY_STEP, WORKLOADS

# Adam reads and writes a parameter and its two moments, in f32.
ADAM_BYTES_A_NUMBER = 6 * 4


def count(measurement):
    """Multiply-adds of products and convolutions, and the bytes that Adam moves where tables make it the larger part.

    The first layer's data gradient is none of them: nobody asks for it. Attention is counted as its two products and
    their four gradients, without what is computed twice to save memory.
    """
    torch.backends.mha.set_fastpath_enabled(False)  # one operation that the counter does not look into
    workload = WORKLOADS[measurement.workload]
    # Shapes without numbers: nothing is computed.
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        model = workload.model(measurement.variant, drops=True)
        if measurement.batch is None:
            F.cross_entropy(model(workload.inputs(workload.batch)), workload.labels(workload.batch)).backward()
        else:
            with torch.no_grad():
                model.eval()(workload.inputs(measurement.batch))
    return dict(
        workload=measurement.workload, variant=measurements.name(measurement), kind=measurements.kind(measurement),
        multiply_adds=counter.get_total_flops() // 2, optimizer_bytes=optimizer_bytes(measurement, workload, model))


def optimizer_bytes(measurement, workload, model):
    if measurement.workload not in DRAWN_EVERY_STEP:
        return 0
    numbers = sum(parameter.numel() for parameter in model.parameters())
    if measurement.variant == "sparse-adam":
        tables = (model.user.weight, model.item.weight)
        # A row drawn twice is one row, but of 1,024 in 100,000 hardly any is.
        looked_up = sum(workload.batch * table.shape[1] for table in tables)
        numbers += looked_up - sum(table.numel() for table in tables)
    return numbers * ADAM_BYTES_A_NUMBER
