package rule

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// fingerprintLength is the number of bytes of a fingerprint; it is written as
// twice as many hexadecimal digits.
const fingerprintLength = 16

// fingerprint gives every result a name that stays when containers are made
// anew and the host restarts, and that no other result of the audit has. It is
// a hash of the rule and of what stays of the subject (see [keys.of]). Results
// whose subjects look the same get numbers, in the order of their names.
func fingerprint(s *snapshot.Snapshot, results []Result) {
	k := keys{anonymous: anonymousVolumes(s), known: map[Subject]string{}}
	first := make(map[string]*Result, len(results))
	same := map[string][]*Result{}
	for i := range results {
		r := &results[i]
		r.Fingerprint = hash(r.Rule, k.of(r.Subject))
		switch one := first[r.Fingerprint]; {
		case one == nil:
			first[r.Fingerprint] = r
		case same[r.Fingerprint] == nil:
			same[r.Fingerprint] = []*Result{one, r}
		default:
			same[r.Fingerprint] = append(same[r.Fingerprint], r)
		}
	}
	for _, list := range same {
		k.tellApart(list)
	}
}

// tellApart numbers results that have one fingerprint; the first keeps it.
func (k keys) tellApart(list []*Result) {
	slices.SortStableFunc(list, func(a, b *Result) int {
		return cmp.Or(cmp.Compare(a.Subject.Engine, b.Subject.Engine), cmp.Compare(a.Subject.Name, b.Subject.Name))
	})
	for i, r := range list[1:] {
		r.Fingerprint = hash(r.Rule, k.of(r.Subject)+" #"+strconv.Itoa(i+2))
	}
}

func hash(rule, key string) string {
	sum := sha256.Sum256([]byte("seawall.fingerprint/1\n" + rule + "\n" + key))
	return hex.EncodeToString(sum[:fingerprintLength])
}

// ValidFingerprint reports whether a text has the form of a fingerprint.
func ValidFingerprint(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == fingerprintLength && strings.ToLower(s) == s
}

// keys finds what stays of subjects.
type keys struct {
	// anonymous maps engine and name of an anonymous volume to the container's
	// key and the place where it is mounted.
	anonymous map[[2]string]string
	known     map[Subject]string
}

// of is the part of a subject that stays. The host has none: a snapshot holds
// one host, which may be renamed. A container of Compose is its project,
// service and number, any other its name. The system's engine is not named, so
// that the same service of two hosts has one key. Every part is quoted, so that
// no name can look like two parts.
func (k keys) of(s Subject) string {
	if key, ok := k.known[s]; ok {
		return key
	}
	name := s.Name
	switch s.Kind {
	case KindHost:
		name = ""
	case KindEngine, KindSwarm, KindListener:
		name = EngineKey(s.Name)
	case KindContainer:
		name = containerKey(s.Name, s.Project, s.Service)
	case KindNetwork:
		name = withoutHash(s.Name)
	case KindVolume:
		if where, ok := k.anonymous[[2]string{s.Engine, s.Name}]; ok {
			name = where
		}
	}
	key := strings.Join([]string{string(s.Kind), strconv.Quote(EngineKey(s.Engine)), strconv.Quote(name)}, " ")
	k.known[s] = key
	return key
}

var procPID = regexp.MustCompile(`/proc/[0-9]+/|^process:[0-9]+$`)

// EngineKey is what stays of an engine's name: nothing of the system's own, and
// of one found by its process all but the number.
func EngineKey(name string) string {
	switch name {
	case "unix:///run/docker.sock", "unix:///var/run/docker.sock":
		return ""
	}
	return procPID.ReplaceAllString(name, "/proc/*/")
}

var (
	// A task of a swarm's service is "service.slot.task", with the node in place
	// of the slot where every node runs one; ids have 25 characters.
	swarmTask = regexp.MustCompile(`^(.+\.(?:[0-9]+|[0-9a-z]{25}))\.[0-9a-z]{25}$`)
	// While Compose replaces a container, the old one's id precedes its name.
	replaced = regexp.MustCompile(`^[0-9a-f]{12}_`)
	number   = regexp.MustCompile(`^[-_]([0-9]+)$`)
	hashPart = regexp.MustCompile(`[0-9a-f]{12,}`)
)

// containerKey is what stays of a container.
func containerKey(name, project, service string) string {
	if project == "" || service == "" {
		if task := swarmTask.FindStringSubmatch(name); task != nil {
			return task[1]
		}
		return withoutHash(name)
	}
	key := project + "/" + service
	rest := strings.TrimPrefix(replaced.ReplaceAllString(name, ""), project)
	rest = strings.TrimPrefix(strings.TrimLeft(rest, "-_"), service)
	if n := number.FindStringSubmatch(rest); n != nil && n[1] != "1" {
		return key + "/" + n[1]
	}
	if strings.HasPrefix(rest, "-run-") || strings.HasPrefix(rest, "_run_") {
		return key + "/run"
	}
	return key
}

// withoutHash is a name with the parts that look like an id taken out: twelve
// hexadecimal digits or more, of which some are figures and some letters.
func withoutHash(name string) string {
	return hashPart.ReplaceAllStringFunc(name, func(part string) string {
		if strings.ContainsAny(part, "0123456789") && strings.ContainsAny(part, "abcdef") {
			return "*"
		}
		return part
	})
}

// anonymousVolumes finds the volumes that the engine named itself, by 64
// hexadecimal digits, and the containers that mount them.
func anonymousVolumes(s *snapshot.Snapshot) map[[2]string]string {
	out := map[[2]string]string{}
	for i := range s.Engines {
		e := &s.Engines[i]
		containers, _ := e.Containers.Peek()
		for j := range containers {
			c := &containers[j]
			mounts, _ := c.Mounts.Peek()
			for _, m := range mounts {
				id := [2]string{e.Name, m.Volume}
				if len(m.Volume) != 64 || hashPart.FindString(m.Volume) != m.Volume {
					continue
				}
				where := "in " + containerKey(c.Name, c.Project, c.Service) + " at " + m.Destination
				if old, ok := out[id]; !ok || where < old {
					out[id] = where
				}
			}
		}
	}
	return out
}
