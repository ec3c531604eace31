package packetfilter

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// TestRecordings: what the tools of real hosts printed gives the models beside
// it.
func TestRecordings(t *testing.T) {
	for _, dir := range recordings(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got, err := replayed(t, dir)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "model.json")
			if *update {
				if err := os.WriteFile(path, []byte(asJSON(t, got)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), asJSON(t, got)); diff != "" {
				t.Errorf("(-recorded +read):\n%s", diff)
			}
		})
	}
}

// TestWithoutNFT: the rules of an engine are the same whether nft is there or
// not, and whichever version of iptables reads them.
func TestWithoutNFT(t *testing.T) {
	for _, engine := range []string{"docker-20.10", "docker-26.1", "docker-28.5"} {
		without, err := replayed(t, "testdata/"+engine)
		if err != nil {
			t.Fatal(err)
		}
		with, err := replayed(t, "testdata/"+engine+"-nft")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(byChain(without), byChain(with)); diff != "" {
			t.Errorf("%s (-without +with):\n%s", engine, diff)
		}
	}
}

// byChain are the chains with rules, or with a policy that matters.
func byChain(f snapshot.PacketFilter) map[string]snapshot.FilterChain {
	out := map[string]snapshot.FilterChain{}
	for _, t := range f.Tables {
		for _, c := range t.Chains {
			if len(c.Rules) > 0 || c.Policy == "drop" {
				out[t.Tool+" "+t.Family+" "+t.Name+" "+c.Name] = c
			}
		}
	}
	return out
}

// TestBackEnds: the same rules mean the same in both back ends of iptables, and
// to other versions of the tools.
func TestBackEnds(t *testing.T) {
	read := func(name string) map[string]snapshot.FilterChain {
		f, err := replayed(t, "testdata/"+name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.Tables {
			f.Tables[i].Tool = ""
			if f.Tables[i].Name == "security" { // where the back ends differ
				f.Tables[i].Chains[0].Priority = securityOfNFT
			}
		}
		return byChain(withoutTexts(f))
	}
	for _, other := range []string{"iptables-legacy", "iptables-nft-trixie"} {
		if diff := cmp.Diff(read("iptables-nft"), read(other)); diff != "" {
			t.Errorf("(-iptables-nft +%s):\n%s", other, diff)
		}
	}
	if diff := cmp.Diff(read("nft"), read("nft-trixie")); diff != "" {
		t.Errorf("(-nft 1.0.6 +nft 1.1.3):\n%s", diff)
	}
}
