-- Several paths, one after another. The first argument is a number of readers: with more than one, a header names them.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "load.lua")
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
