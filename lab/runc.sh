#!/bin/sh
# runc for a machine that lacks capabilities: takes them out of the
# specification of a container or of an exec, and runs the real runc.
missing="@MISSING@"
spec= want=
for arg; do
	case $want in
	bundle) spec=$arg/config.json ;;
	process) spec=$arg ;;
	esac
	want=
	case $arg in
	--bundle | -b) want=bundle ;;
	--process | -p) want=process ;;
	--bundle=*) spec=${arg#*=}/config.json ;;
	--process=*) spec=${arg#*=} ;;
	esac
done
if [ -f "$spec" ]; then
	edit=
	for c in $missing; do edit="$edit;s/\"$c\",//g;s/,\"$c\"//g;s/\\[\"$c\"]/[]/g"; done
	sed -i "${edit#;}" "$spec"
fi
exec @RUNC@ "$@"
