package e2e

import "seawall/lab"

// workload is something that people run in a container, and how one finds out that it
// works.
type workload struct {
	name, image string   // image: the lab's workloads if empty
	flags       []string // of docker run
	script      string   // that its shell runs
	check       string   // a shell's command in the container that succeeds if it works
	restart     bool     // it is restarted while it is watched, and to be checked
	// spare are the advised capabilities without which it passes its check all the same,
	// with the reason.
	spare map[string]string
}

// as runs a program as an ordinary user, as the entrypoints of images do.
const as = "setpriv --init-groups --reuid "

// workloads are those of TestLeast.
var workloads = []workload{
	{
		name: "nginx", script: `exec nginx -g "daemon off;"`,
		check: "busybox wget -qO- http://127.0.0.1/ | grep -q nginx",
	},
	{
		name: "redis", flags: []string{"-v", "/data"},
		script: "chown -R redis /data; exec " + as + "redis --regid redis redis-server --dir /data",
		check:  "redis-cli set a b && redis-cli get a | grep -q b && redis-cli save | grep -q OK",
	},
	{
		name: "postgresql", flags: []string{"-v", "/data"}, restart: true,
		script: `d=/data/db; run="` + as + `postgres --regid postgres"; bin=$(echo /usr/lib/postgresql/*/bin)
if [ ! -s $d/PG_VERSION ]; then mkdir -p $d; chown postgres $d; chmod 700 $d; $run $bin/initdb -D $d; fi
exec $run $bin/postgres -D $d -k /tmp`,
		check: "psql -h /tmp -U postgres -c 'create table if not exists t(a int)'",
	},
	{
		name: "mariadb", flags: []string{"-v", "/data"}, restart: true,
		script: `if [ ! -d /data/mysql ]; then chown mysql /data; mariadb-install-db --user=mysql --datadir=/data; fi
exec mariadbd --user=mysql --datadir=/data --socket=/tmp/s`,
		check: "mariadb -uroot -S /tmp/s -e 'create database if not exists d'",
		spare: map[string]string{"DAC_OVERRIDE": "before it becomes its user it tries how file names are told apart in its data directory, and takes a default where it may not."},
	},
	{
		name: "rsyslog", script: "exec rsyslogd -n -iNONE",
		check: "logger hello; sleep 0.3; grep -q hello /var/log/syslog && test $(stat -c %G /var/log/syslog) = adm",
	},
	{
		name: "cron", script: "exec cron -f",
		check: "test $(stat -c %U /tmp/ran) = nobody",
		spare: map[string]string{"AUDIT_WRITE": "PAM tells the audit log of the session, and goes on where it may not."},
	},
	{
		name: "entrypoint", flags: []string{"-v", "/data"},
		script: "touch /data/index.html; chown -R nobody /data; exec " + as + "nobody --regid nogroup busybox httpd -f -p 8080 -h /data",
		check:  "busybox wget -qO- http://127.0.0.1:8080/ && test $(stat -c %U /data/index.html) = nobody",
	},
	{
		name: "marked-ping", image: lab.MarkedPingRef, flags: []string{"--user", "65534:65534"},
		script: "ping -c 1 127.0.0.1 && touch /tmp/ok; exec sleep 1000",
		check:  "test -e /tmp/ok",
	},
	{
		name: "dnsmasq", flags: []string{"--cap-add", "NET_ADMIN"},
		script: "exec dnsmasq -k --user=dnsmasq --no-resolv --address=/x.test/192.0.2.1 --pid-file=",
		check:  "busybox nslookup x.test 127.0.0.1 | grep -q 192.0.2.1",
	},
	{
		name: "static", flags: []string{"--user", "33:33"}, script: "exec busybox httpd -f -p 8080 -h /etc",
		check: "busybox wget -qO- http://127.0.0.1:8080/passwd",
	},
	{
		name: "unpack", script: "mkdir /srv/out && tar -C /srv/out -xpf /srv/in.tar; exec sleep 1000",
		check: "test $(stat -c %a:%u /srv/out/f) = 6755:33",
	},
	{name: "foreign-program", script: "exec own", check: "grep -q sleep /proc/1/cmdline"},
	{name: "nothing", script: "exec sleep 1000", check: "grep -q sleep /proc/1/cmdline"},
}
