"""What the rounds' rows come to: ratios of medians, memory, and the share of the machine's limit."""
import statistics

HEADINGS = (
    "workload", "variant", "kind", "peer's best", "peer, ms", "Aviary, ms", "ratio", "peer's minimum", "peer, MB",
    "Aviary, MB", "memory", "of the limit")


def median(rows, field):
    return statistics.median(row[field] for row in rows)


def by_configuration(rows):
    configurations = {}
    for row in rows:
        configurations.setdefault((row["peer"], row["configuration"]), []).append(row)
    return list(configurations.values())


def best_peer(rows):
    """The rows of the configuration with the least median, among those measured in as many rounds as any."""
    configurations = by_configuration(rows)
    rounds = max(map(len, configurations))
    return min((found for found in configurations if len(found) == rounds), key=lambda rows: median(rows, "median_ms"))


def least_peak(rows):
    """A compiler's memory is no step's: that of the thriftiest configuration counts, whichever is the fastest."""
    return min(median(found, "peak_mb") for found in by_configuration(rows))


def limit_ms(work, variant, limits):
    """The least time that a step's work can take: products at the machine's best rate, and Adam's bytes behind them.

    `limits` are what was measured, round by round; the best of each counts.
    """
    precision = "bf16" if variant.startswith("bf16") else "f32"
    gflops = max(limit[f"{precision}_gflops"] for limit in limits)
    gigabytes = max(limit["gigabytes_per_second"] for limit in limits)
    return 2 * work["multiply_adds"] / gflops / 1e6 + work["optimizer_bytes"] / gigabytes / 1e6


def line(key, own, others, work, limits):
    """One line of the table, as values; `own` and `others` are the rows of all rounds."""
    best = best_peer(others)
    ours, theirs = median(own, "median_ms"), median(best, "median_ms")
    least = min(row["min_ms"] for row in others)
    our_peak, their_peak = median(own, "peak_mb"), least_peak(others)
    limit = limit_ms(work, key.variant, limits)
    return dict(
        workload=key.workload, variant=key.variant, kind=key.kind,
        peer=best[0]["peer"], configuration=best[0]["configuration"], peer_ms=theirs, aviary_ms=ours,
        ratio=theirs / ours, ratio_to_minimum=least / ours, peer_mb=their_peak, aviary_mb=our_peak,
        memory_ratio=our_peak / their_peak, limit_ms=limit, share_of_limit=limit / ours, rounds=len(own))


def cells(line):
    return [
        line["workload"], line["variant"], line["kind"], f"{line['peer'].split()[0]} {line['configuration']}".replace(
            "onnxruntime onnxruntime", "onnxruntime"),
        f"{line['peer_ms']:.3g}", f"{line['aviary_ms']:.3g}", f"{line['ratio']:.2f}",
        f"{line['ratio_to_minimum']:.2f}", f"{line['peer_mb']:.0f}", f"{line['aviary_mb']:.0f}",
        f"{line['memory_ratio']:.2f}", f"{100 * line['share_of_limit']:.0f} %"]


def without_ratio(key, reason):
    return [key.workload, key.variant, key.kind, reason] + ["-"] * (len(HEADINGS) - 4)


def markdown(lines):
    """A table that reads well as it is and in a README."""
    table = [list(HEADINGS), *lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]

    def written(line):
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([written(table[0]), rule, *map(written, table[1:])])
