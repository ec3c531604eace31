# run.sh PROGRAM ARG...: runs the emulator and ends it when the lifeline,
# standard input, is closed: the owner closed it, or died.
exec 9<&0 </dev/null
"$@" 9<&- &
q=$!
{
	cat <&9
	kill -KILL $q
} >/dev/null 2>&1 &
w=$!
code=0
wait $q || code=$?
kill $w
exit $code
