-- What wrk asks for, one path after another, and its numbers as one line of JSON.
-- The first argument is a number of readers: with one, all come from one address; with more, a header names them.
local paths, turn, readers = {}, 0, 1

function init(args)
    readers = tonumber(args[1])
    for index = 2, #args do
        table.insert(paths, args[index])
    end
end

function request()
    turn = turn + 1
    if readers > 1 then
        local reader = turn % readers
        wrk.headers["X-Forwarded-For"] = "198.18." .. math.floor(reader / 250) .. "." .. reader % 250 + 1
    end
    return wrk.format("GET", paths[turn % #paths + 1])
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %.6f, "p99": %.6f, "longest": %.6f, '
            .. '"refused": %d, "broken": %d, "late": %d, "faults": %d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e6,
        latency:percentile(99) / 1e6, latency.max / 1e6, errors.connect, errors.read + errors.write,
        errors.timeout, errors.status))
end
