package advice_test

import (
	"encoding/json"
	"strings"
	"testing"

	"seawall/advice"
	"seawall/observation"
	"seawall/snapshot"
)

// FuzzObservation: whatever a file of an observation holds, it is an error or makes
// advice that can be written and names only capabilities that there are.
func FuzzObservation(f *testing.F) {
	f.Add(`{"format":"seawall.observation/1","host":{"name":"h"},"containers":[{"id":"1","name":"web","image":"x","watched":{"starts":1,"seconds":3600},
		"bounding":["CHOWN"],"capabilities":[{"capability":"CHOWN","outcome":"granted","session":"workload","syscall":"chown","argument":"/data"},
		{"capability":"SETUID","outcome":"granted","session":"workload","syscall":"setresuid","argument":"1, 2, 3"},{"capability":"","outcome":"granted","session":"exec"}],
		"syscalls":[{"session":"workload","names":["read"]}],"sockets":[{"kind":"listen","protocol":"tcp","address":"0.0.0.0:80"}]}]}`)
	f.Add(`{"format":"seawall.observation/1","host":{"name":"h"},"containers":[{"id":"1","name":"web","image":"x","watched":{"starts":1,"recorded":1},
		"bounding":[],"written":[{"directory":"/a\" rw,\n capability,/*{"},{"directory":"/b c\\"}]}]}`)
	f.Add(`{"format":"seawall.observation/1","containers":[{}]}`)
	f.Fuzz(func(t *testing.T, data string) {
		o, err := observation.Decode(strings.NewReader(data))
		if err != nil {
			return
		}
		in := input(&testing.T{}, "docker run -p 80:80 --name web x")
		in.Seen = o.Of("h", in.Container)
		a := advice.For(in)
		if _, err := json.Marshal(a); err != nil {
			t.Fatal(err)
		}
		if a.Capabilities.Set()&^snapshot.AllCaps != 0 {
			t.Errorf("advised %s", a.Capabilities.Set())
		}
		for line := range strings.Lines(a.AppArmor.Profile) {
			if !profileLine.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("a line of the AppArmor profile: %q", line)
			}
		}
	})
}
