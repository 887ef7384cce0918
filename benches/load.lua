-- What wrk measured, as one line of JSON.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %.6f, "p99": %.6f, "longest": %.6f, '
            .. '"refused": %d, "broken": %d, "late": %d, "faults": %d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e6,
        latency:percentile(99) / 1e6, latency.max / 1e6, errors.connect, errors.read + errors.write,
        errors.timeout, errors.status))
end
