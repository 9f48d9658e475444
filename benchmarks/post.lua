-- Posts answers, each with a key of its own, where ANSWERS is given; asks for the page with COOKIE otherwise.
local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local last = { "A", "Q", "g", "w" }
local prefix, answers, cookie = os.getenv("PREFIX"), os.getenv("ANSWERS"), os.getenv("COOKIE")
local pause = tonumber(os.getenv("PAUSE_MS") or "0")
local headers = { ["Content-Type"] = "application/json" }

function init()
  math.randomseed(tonumber(os.getenv("SEED") or "0"))
end

if pause > 0 then
  function delay()
    return pause
  end
end

if answers then
  function request()
    local key = {}
    for place = 1, 18 do
      local pick = math.random(64)
      key[place] = letters:sub(pick, pick)
    end
    local text = prefix .. table.concat(key) .. last[math.random(4)]
    return wrk.format("POST", nil, headers, '{"key":"' .. text .. '","answers":{' .. answers .. "}}")
  end
elseif cookie ~= "" then
  wrk.headers["Cookie"] = cookie
end

function done(summary, latency)
  io.write(string.format("FIGURES %f %f %f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.timeout + summary.errors.read))
end
