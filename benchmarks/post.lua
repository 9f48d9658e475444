-- Posts answers, each with a key of its own; PREFIX, ANSWERS and SEED come from the environment.
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local last = { "A", "Q", "g", "w" }
local prefix, answers = os.getenv("PREFIX"), os.getenv("ANSWERS")
local headers = { ["Content-Type"] = "application/json" }

function init()
  math.randomseed(tonumber(os.getenv("SEED")))
end

function request()
  local key = {}
  for place = 1, 18 do
    local pick = math.random(64)
    key[place] = letters:sub(pick, pick)
  end
  local text = prefix .. table.concat(key) .. last[math.random(4)]
  return wrk.format("POST", nil, headers, '{"key":"' .. text .. '","answers":{' .. answers .. "}}")
end

function done(summary, latency)
  io.write(string.format("FIGURES %f %f %f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.timeout + summary.errors.read))
end
