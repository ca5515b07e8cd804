-- A call of a server function for wrk. From the environment: ORIGIN, COOKIE, BODY; a # in the body is another number
-- each time. Prints one line of JSON in the end.

wrk.method = 'POST'
wrk.body = os.getenv('BODY')
wrk.headers['Content-Type'] = 'application/json'
wrk.headers['Accept'] = 'application/json'
wrk.headers['Origin'] = os.getenv('ORIGIN')
wrk.headers['Cookie'] = os.getenv('COOKIE')

if wrk.body:find('#') then
   local template, number = wrk.body, 0
   request = function()
      number = number + 1
      return wrk.format(nil, nil, nil, (template:gsub('#', number)))
   end
end

function done(summary, latency)
   local errors = summary.errors
   local lost = errors.connect + errors.read + errors.write + errors.timeout
   local line = '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"lost":%d}\n'
   io.write(line:format(summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
      errors.status, lost))
end
