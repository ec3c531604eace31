package image

import (
	"strings"
	"testing"
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// judged is what a rule says of the image of the first run line, changed.
func judged(t *testing.T, id, run string, change func(*snapshot.Engine, *snapshot.Image)) rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run})
	if err != nil {
		t.Fatal(err)
	}
	e := &s.Engines[0]
	images, _ := e.Images.Peek()
	change(e, &images[0])
	for _, r := range Rules() {
		if r.ID != id {
			continue
		}
		for _, result := range rule.Evaluate(s, []*rule.Rule{r}) {
			if result.Subject.Name == images[0].Name() {
				return result
			}
		}
	}
	t.Fatalf("%s judges nothing", id)
	return rule.Result{}
}

// denied is why something is not known.
var denied = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}

func TestHistory(t *testing.T) {
	const secret, script, tls, add = "image-secret-in-history", "image-runs-fetched-script", "image-build-without-tls-verification", "image-add-instead-of-copy"
	env := func(assignments ...string) snapshot.Fact[[]snapshot.EnvVar] {
		var out []snapshot.EnvVar
		for _, a := range assignments {
			out = append(out, snapshot.RedactEnv(a))
		}
		return snapshot.See(out, snapshot.At("Config.Env", "x"))
	}
	token := env("PATH=/bin", "A_TOKEN=s3cret")
	for _, tt := range []struct {
		name, rule string
		env        snapshot.Fact[[]snapshot.EnvVar]
		step       snapshot.BuildRemark
		want       rule.Verdict
		severity   rule.Severity // 0: any
	}{
		{"a variable that the image still has, which has a rule of its own", secret, token, snapshot.BuildRemark{Instruction: "ENV", Kind: snapshot.BuildSecret, What: "A_TOKEN"}, rule.Passed, 0},
		{"a variable that a later step set anew", secret, env("PATH=/bin", "A_TOKEN="), snapshot.BuildRemark{Instruction: "ENV", Kind: snapshot.BuildSecret, What: "A_TOKEN"}, rule.Failed, 0},
		{"a variable beside another secret", secret, token, snapshot.BuildRemark{Instruction: "ENV", Kind: snapshot.BuildSecret, What: "DB_PASSWORD"}, rule.Failed, 0},
		{"an argument of the name of a variable", secret, token, snapshot.BuildRemark{Instruction: "ARG", Kind: snapshot.BuildSecret, What: "A_TOKEN"}, rule.Failed, 0},
		{"variables not known", secret, snapshot.Lost[[]snapshot.EnvVar](denied, snapshot.At("x", "y")), snapshot.BuildRemark{Instruction: "ENV", Kind: snapshot.BuildSecret, What: "A_TOKEN"}, rule.Failed, 0},
		{"a step of another kind", secret, token, snapshot.BuildRemark{Instruction: "RUN", Kind: snapshot.BuildWritable, What: "chmod 777 /data"}, rule.Passed, 0},
		{"a file without a name, which holds no variable", script, token, snapshot.BuildRemark{Instruction: "ADD", Kind: snapshot.BuildAddUnknown, What: "a file"}, rule.Passed, 0},
		{"a file without a name, which may be no archive", add, token, snapshot.BuildRemark{Instruction: "ADD", Kind: snapshot.BuildAddUnknown, What: "a file"}, rule.Unknown, 0},
		{"a step of another kind", add, token, snapshot.BuildRemark{Instruction: "RUN", Kind: snapshot.BuildWritable, What: "chmod 777 /data"}, rule.Passed, 0},
		{"a variable that switches verification off", tls, env("NODE_TLS_REJECT_UNAUTHORIZED=0"), snapshot.BuildRemark{Instruction: "ENV", Kind: snapshot.BuildNoVerify, What: "NODE_TLS_REJECT_UNAUTHORIZED=0"}, rule.Failed, rule.Medium},
		{"a script by TLS", script, token, snapshot.BuildRemark{Instruction: "RUN", Kind: snapshot.BuildScript, What: "curl | sh"}, rule.Failed, rule.Low},
		{"a script in clear", script, token, snapshot.BuildRemark{Instruction: "RUN", Kind: snapshot.BuildPlainHTTP, What: "curl | sh"}, rule.Failed, rule.Medium},
	} {
		got := judged(t, tt.rule, "docker run alpine", func(_ *snapshot.Engine, i *snapshot.Image) {
			i.Env = tt.env
			example.Set(&i.Build, []snapshot.BuildRemark{tt.step})
		})
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity {
			t.Errorf("%s: %s %s (%s), want %s %s", tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity)
		}
	}
}

// TestPrograms: who may gain what by the programs of an image.
func TestPrograms(t *testing.T) {
	const setID, caps = "image-setid-files", "image-file-capabilities"
	const kept = "docker run --security-opt no-new-privileges alpine"
	type image = snapshot.Image
	setid := func(path string, mode snapshot.Mode) snapshot.ImageFile {
		return snapshot.ImageFile{Path: path, Mode: 0o4000 | mode}
	}
	holds := func(path, capability string, mode snapshot.Mode) snapshot.ImageFile {
		return snapshot.ImageFile{Path: path, Mode: mode, Capabilities: snapshot.Caps(capability)}
	}
	with := func(files ...snapshot.ImageFile) func(*snapshot.Engine, *image) {
		return func(_ *snapshot.Engine, i *image) {
			example.Set(&i.SetIDFiles, files)
			example.Set(&i.CapabilityFiles, files)
		}
	}
	// running gives the container what the kernel shows of its process.
	running := func(bounding string) func(*snapshot.Engine, *image) {
		return func(e *snapshot.Engine, i *image) {
			at := snapshot.At("status", "/proc/7")
			containers, _ := e.Containers.Peek()
			containers[0].Process = snapshot.See(snapshot.Process{NoNewPrivs: snapshot.See(false, at), CapBounding: snapshot.See(snapshot.Caps(bounding), at)}, at)
			with(holds("/usr/bin/ping", "NET_RAW", 0o755))(e, i)
		}
	}
	unused := func(e *snapshot.Engine, i *image) {
		with(setid("/opt/run", 0o755), holds("/opt/run", "SYS_ADMIN", 0o755))(e, i)
		i.UsedBy = nil
	}
	failed := snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: "a test"}
	own, su := setid("/opt/run", 0o755), setid("/usr/bin/su", 0o755)
	ping, gdb := holds("/usr/bin/ping", "NET_RAW", 0o755), holds("/usr/bin/gdb", "SETUID", 0o755)
	for _, tt := range []struct {
		name, rule, run string
		change          func(*snapshot.Engine, *image)
		want            rule.Verdict
		severity        rule.Severity // 0: any
	}{
		{"programs of the distribution", setID, gaining, with(su), rule.Failed, rule.Low},
		{"one of its own", setID, gaining, with(own, su), rule.Failed, rule.Medium},
		{"for the owner alone", setID, gaining, with(setid("/opt/run", 0o700)), rule.Failed, 0},
		{"for the owner who may not read it", setID, gaining, with(setid("/opt/run", 0o100)), rule.Failed, 0},
		{"for the group", setID, gaining, with(setid("/opt/run", 0o010)), rule.Failed, 0},
		{"for others", setID, gaining, with(setid("/opt/run", 0o001)), rule.Failed, 0},
		{"one of two containers lets them gain", setID, gaining + "\n" + kept, with(own), rule.Failed, 0},
		{"one of two containers, the other way round", setID, kept + "\n" + gaining, with(own), rule.Failed, 0},
		{"a container of another image lets its programs gain", setID, kept + "\ndocker run --security-opt no-new-privileges=false busybox", with(own), rule.Passed, 0},
		{"no container", setID, gaining, unused, rule.Failed, 0},
		{"no container, and files that could not be read", setID, gaining, func(_ *snapshot.Engine, i *image) {
			i.UsedBy, i.ImageContents = nil, snapshot.LostContents(failed, "a test")
		}, rule.Unknown, 0},
		{"no program, whatever the containers", setID, gaining, func(e *snapshot.Engine, i *image) {
			with()(e, i)
			e.Containers.Blind(denied)
		}, rule.Passed, 0},

		{"no program, whatever the containers", caps, gaining, func(e *snapshot.Engine, i *image) {
			with()(e, i)
			e.Containers.Blind(denied)
		}, rule.Passed, 0},
		{"raw sockets", caps, gaining, with(holds("/opt/ping", "NET_RAW", 0o755)), rule.Failed, rule.Low},
		{"low ports", caps, gaining, with(holds("/opt/server", "NET_BIND_SERVICE", 0o755)), rule.Failed, rule.Low},
		{"more, by the distribution", caps, gaining, with(holds("/usr/bin/newuidmap", "SETUID", 0o755)), rule.Failed, rule.Low},
		{"more, by another program", caps, gaining, with(gdb), rule.Failed, rule.Medium},
		{"more, then little", caps, gaining, with(gdb, ping), rule.Failed, rule.Medium},
		{"little, then more", caps, gaining, with(ping, gdb), rule.Failed, rule.Medium},
		{"a program that nobody may run", caps, gaining, with(holds("/opt/ping", "NET_RAW", 0o644)), rule.Passed, 0},
		{"for the owner", caps, gaining, with(holds("/opt/ping", "NET_RAW", 0o100)), rule.Failed, 0},
		{"for the group", caps, gaining, with(holds("/opt/ping", "NET_RAW", 0o010)), rule.Failed, 0},
		{"for others", caps, gaining, with(holds("/opt/ping", "NET_RAW", 0o001)), rule.Failed, 0},
		{"no container", caps, gaining, unused, rule.Failed, rule.Medium},
		{"the kernel shows that the container holds it", caps, gaining, running("NET_RAW"), rule.Failed, 0},
		{"the kernel shows that it does not", caps, gaining, running("CHOWN"), rule.Passed, 0},
	} {
		got := judged(t, tt.rule, tt.run, tt.change)
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity {
			t.Errorf("%s, %s: %s %s (%s), want %s %s", tt.rule, tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity)
		}
	}
}

// TestOfDistribution: packages put their setuid programs into few directories,
// and give them to users of the system.
func TestOfDistribution(t *testing.T) {
	for _, tt := range []struct {
		path string
		uid  int
		want bool
	}{
		{"/bin/su", 0, true}, {"/usr/bin/su", 0, true}, {"/sbin/unix_chkpwd", 0, true}, {"/usr/sbin/exim4", 0, true},
		{"/usr/lib/openssh/ssh-keysign", 0, true}, {"/lib64/dbus-1/dbus-daemon-launch-helper", 0, true}, {"/usr/libexec/ssh-keysign", 0, true},
		{"/usr/bin/at", 999, true}, {"/usr/bin/at", 1000, false}, {"/usr/lib/openssh/ssh-keysign", 1000, false},
		{"/usr/bin/backup", 0, false}, {"/usr/lib/backup", 0, false},
		{"/usr/bin/x/su", 0, false}, {"/opt/su", 0, false}, {"/usr/local/bin/su", 0, false}, {"/usrlib/su", 0, false}, {"/su", 0, false},
	} {
		if got := ofDistribution(&snapshot.ImageFile{Path: tt.path, UID: tt.uid}, setIDOfDistributions); got != tt.want {
			t.Errorf("%s of user %d: %t, want %t", tt.path, tt.uid, got, tt.want)
		}
	}
}

func TestSecretFiles(t *testing.T) {
	key := snapshot.ImageSecret{Path: "/srv/tls.key", Kind: snapshot.SecretKey, What: "private key"}
	closed := snapshot.ImageSecret{Path: "/srv/ca.key", Kind: snapshot.SecretEncryptedKey, What: "private key"}
	unread := snapshot.ImageSecret{Path: "/srv/x.key", Kind: snapshot.SecretUnread, What: "no answer"}
	gone := key
	gone.Removed = true
	for _, tt := range []struct {
		name     string
		secrets  []snapshot.ImageSecret
		want     rule.Verdict
		severity rule.Severity // 0: any
		says     string
	}{
		{"a key", []snapshot.ImageSecret{key}, rule.Failed, rule.Medium, "it holds a private key: /srv/tls.key (private key)"},
		{"a key that was removed", []snapshot.ImageSecret{gone}, rule.Failed, rule.Medium, "it holds a private key: /srv/tls.key (private key, removed by a later layer and still in the image)"},
		{"a key with a passphrase", []snapshot.ImageSecret{closed}, rule.Failed, rule.Low, ""},
		{"a key, and one with a passphrase", []snapshot.ImageSecret{key, closed}, rule.Failed, rule.Medium, ""},
		{"one with a passphrase, and a key", []snapshot.ImageSecret{closed, key}, rule.Failed, rule.Medium, ""},
		{"a file that could not be read", []snapshot.ImageSecret{unread}, rule.Unknown, 0, ""},
		{"a key, and a file that could not be read", []snapshot.ImageSecret{unread, key}, rule.Failed, rule.Medium, ""},
	} {
		got := judged(t, "image-private-key-inside", "docker run alpine", func(_ *snapshot.Engine, i *snapshot.Image) { example.Set(&i.SecretFiles, tt.secrets) })
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity || tt.says != "" && got.Message != tt.says {
			t.Errorf("%s: %s %s (%s), want %s %s %s", tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity, tt.says)
		}
	}
}

// TestAge: an image lacks a year of fixes when the year is over. Builds that
// give the same bytes each time put made-up times.
func TestAge(t *testing.T) {
	now := trial.Baseline().TakenAt
	for created, want := range map[time.Time]rule.Verdict{
		now.Add(-oldAfter): rule.Passed, now.Add(-oldAfter - time.Second): rule.Failed,
		time.Unix(0, 0): rule.NotApplicable, time.Date(1980, 1, 1, 0, 0, 1, 0, time.UTC): rule.NotApplicable, time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC): rule.Failed,
	} {
		got := judged(t, "image-old", "docker run alpine", func(_ *snapshot.Engine, i *snapshot.Image) { example.Set(&i.Created, created) })
		if got.Verdict != want {
			t.Errorf("built %s: %s (%s), want %s", created, got.Verdict, got.Message, want)
		}
	}
}

func TestUsers(t *testing.T) {
	for user, want := range map[string]rule.Verdict{"": rule.Failed, "0": rule.Failed, "root:app": rule.Failed, "10001": rule.Passed, "app": rule.Unknown} {
		got := judged(t, "image-runs-as-root", "docker run alpine", func(_ *snapshot.Engine, i *snapshot.Image) { example.Set(&i.User, user) })
		if got.Verdict != want {
			t.Errorf("USER %s: %s (%s), want %s", user, got.Verdict, got.Message, want)
		}
		if user == "10001" && got.Message != "its containers run as user 10001" {
			t.Errorf("USER %s: %s", user, got.Message)
		}
	}
}

// TestVolumes: a volume over these hides what updates of the image bring.
func TestVolumes(t *testing.T) {
	const over = "/ /bin /boot /dev /etc /lib /lib64 /proc /root /sbin /sys /usr /usr/bin /usr/lib /usr/local/bin /usr/sbin /usr/bin/ /x/../etc"
	const beside = "/data /etc/app /usr/share/app /var/lib/app /root/.cache /usr/local /home"
	for paths, want := range map[string]rule.Verdict{over: rule.Failed, beside: rule.Passed} {
		for path := range strings.FieldsSeq(paths) {
			got := judged(t, "image-volume-over-system-directory", "docker run alpine", func(_ *snapshot.Engine, i *snapshot.Image) { example.Set(&i.Volumes, []string{path}) })
			if got.Verdict != want {
				t.Errorf("VOLUME %s: %s (%s), want %s", path, got.Verdict, got.Message, want)
			}
		}
	}
}
