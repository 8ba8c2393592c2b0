-- Requests from a file, one a line: path, tab, Accept, tab, If-None-Match (may be empty). Prints one line of JSON.
local requests, position = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, accept, tag = line:match("([^\t]*)\t([^\t]*)\t([^\t]*)")
    local headers = { ["Accept"] = accept }
    if tag ~= "" then headers["If-None-Match"] = tag end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
  position = tonumber(args[2]) or 0
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %f, "bytes": %d, "failed": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
