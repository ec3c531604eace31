package packetfilter

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWords compares the words of rules with those that nft itself listed when they were
// recorded (testdata/README.md): wherever there are some, they are the same.
func TestWords(t *testing.T) {
	lists, err := filepath.Glob("testdata/*/nft.json")
	if err != nil || len(lists) == 0 {
		t.Fatal(lists, err)
	}
	written, asked := 0, 0
	for _, file := range lists {
		ruleset, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), "nft.txt"))
		if err != nil {
			continue // iptables alone was asked
		}
		objects, err := objectsOf(ruleset)
		if err != nil {
			t.Fatal(err)
		}
		listed := parseListing(text)
		for _, o := range objects {
			if o.kind != "rule" {
				continue
			}
			got, ok := words(o.Family, o.nftObject)
			want := listed.rules[ruleKey{tableKey{o.Family, o.Table}, o.Chain, o.Handle}]
			switch {
			case !ok:
				asked++
			case got != want:
				t.Errorf("%s: rule %d of chain %s: %q, nft lists %q", file, o.Handle, o.Chain, got, want)
			default:
				written++
			}
		}
	}
	if written < 250 || asked == 0 {
		t.Errorf("%d rules were written, %d asked for", written, asked)
	}
	t.Logf("%d rules were written, %d asked for", written, asked)
}

// TestWanted says when nft must be asked for its words, too.
func TestWanted(t *testing.T) {
	const accept = `{"rule":{"family":"inet","table":"t","chain":"c","handle":2,"expr":[{"accept":null}]}}`
	const set = `{"set":{"family":"inet","table":"t","name":"s","type":"ifname"}}`
	for _, c := range []struct {
		release, more string
		want          bool
	}{
		{"1.0.6", accept, false},
		{"1.0.6", set, true},
		{"1.0.8", set, false},
		{"1.1", set, false},
		{"", set, true},
		{"next", set, true},
		{"1.1.3", `{"rule":{"family":"inet","table":"t","chain":"c","handle":2,"expr":[{"log":{"group":3}}]}}`, true},
		{"1.0.6", `{"chain":{"family":"inet","table":"t","name":"i","hook":"ingress","prio":0,"type":"filter"}}`, true},
		{"1.1.3", `{"chain":{"family":"inet","table":"t","name":"i","hook":"ingress","prio":0,"type":"filter"}}`, false},
	} {
		text := `{"nftables":[{"metainfo":{"version":"` + c.release + `","json_schema_version":1}},{"table":{"family":"inet","name":"t"}},` +
			`{"chain":{"family":"inet","table":"t","name":"c"}},` + c.more + `]}`
		if _, wanted, err := parseRuleset([]byte(text), nil); err != nil || wanted != c.want {
			t.Errorf("nft %q with %s: wanted %v, %v", c.release, c.more, wanted, err)
		}
	}
}
