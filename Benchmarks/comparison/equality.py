"""Whether two programs compute the same: the losses and tensors that their `--check` gives."""
import dataclasses

from . import tensors

STEPS = 20


@dataclasses.dataclass(frozen=True)
class Tolerance:
    """How far Aviary may be from the peer, each as a part of the peer's number or norm."""

    first_loss: float
    tensor: float
    loss: float


TOLERANCES = {"f32": Tolerance(1e-5, 1e-3, 1e-3), "bf16": Tolerance(1e-2, 5e-2, 2e-2)}


def tolerance(variant):
    return TOLERANCES["bf16" if variant.startswith("bf16") else "f32"]


def differences(own, peer):
    """What differs between two rows of `--check`, one sentence each; nothing where they are equal."""
    allowed = tolerance(own["variant"])
    found = []
    if own["kind"] == "train":
        found += losses_that_differ(own["losses"], peer["losses"], allowed)
    return found + tensors_that_differ(tensors.read(own["tensors"]), tensors.read(peer["tensors"]), allowed)


def losses_that_differ(own, peer, allowed):
    if len(own) != STEPS or len(peer) != STEPS:
        return [f"{len(own)} losses against {len(peer)}, not {STEPS}"]
    found = []
    for step, (ours, theirs) in enumerate(zip(map(float, own), map(float, peer))):
        limit = allowed.first_loss if step == 0 else allowed.loss
        # Written so that NaN differs.
        if not abs(ours - theirs) <= limit * abs(theirs):
            found.append(f"loss of step {step}: {ours:.8g} against {theirs:.8g}, {limit:g} of it allowed")
    return found


def tensors_that_differ(own, peer, allowed):
    found = [f"{name}: only Aviary has it" for name in sorted(own.keys() - peer.keys())]
    found += [f"{name}: only the peer has it" for name in sorted(peer.keys() - own.keys())]
    if not own.keys() & peer.keys():
        found.append("there is no tensor to compare")
    for name in sorted(own.keys() & peer.keys()):
        (shape, ours), (peer_shape, theirs) = own[name], peer[name]
        if shape != peer_shape:
            found.append(f"{name}: shape {shape} against {peer_shape}")
            continue
        apart, length = tensors.distance(ours, theirs), tensors.norm(theirs)
        if not apart <= allowed.tensor * length:
            found.append(f"{name}: {apart:.3g} apart, of a norm of {length:.3g}; {allowed.tensor:g} of it allowed")
    return found
