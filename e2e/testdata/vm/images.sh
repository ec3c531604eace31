# Images without a registry, of the static busybox. Sourced by the others.
d=$(mktemp -d)
mkdir -p "$d/bin" "$d/etc"
cp /usr/bin/busybox "$d/bin/"
for a in sh sleep cat true httpd; do ln -s busybox "$d/bin/$a"; done
echo 'root:x:0:0:root:/:/bin/sh' >"$d/etc/passwd"
sleeper() { # ENGINE'S CLIENT...: makes lab/sleep:1
	tar -C "$d" -c . | "$@" import -c 'CMD ["/bin/sleep","2147483647"]' - lab/sleep:1 >/dev/null
}
auditor() { # makes the image of the README
	cp /usr/local/bin/seawall /tmp/seawall
	tar -C /tmp -c seawall | docker import -c 'ENTRYPOINT ["/seawall"]' -c 'CMD ["audit"]' - seawall >/dev/null
	rm /tmp/seawall
}
