package packetfilter

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
)

// files are the recordings of a name, whole and in parts.
func files(f *testing.F, pattern string) [][]byte {
	f.Helper()
	found, err := filepath.Glob("testdata/*/" + pattern)
	if err != nil || len(found) == 0 {
		f.Fatalf("no recordings: %v", err)
	}
	var out [][]byte
	for _, name := range found {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

// sound sees that a model can be followed: all that it names is there.
func sound(tables []snapshot.FilterTable) error {
	for _, t := range tables {
		leads := func(verdict, chain string) error {
			known := slices.ContainsFunc(t.Chains, func(c snapshot.FilterChain) bool { return c.Name == chain })
			if (verdict == "jump" || verdict == "goto") != (chain != "") || chain != "" && !known {
				return fmt.Errorf("%s %s", verdict, chain)
			}
			return nil
		}
		for _, s := range t.Sets {
			if s.Verdicts != nil && len(s.Verdicts) != len(s.Elements) {
				return fmt.Errorf("set %+v", s)
			}
			for _, v := range s.Verdicts {
				if err := leads(v.Verdict, v.Chain); err != nil {
					return err
				}
			}
		}
		for _, c := range t.Chains {
			if (c.Hook == "") != (c.Policy == "") && t.Tool != toolNFT {
				return fmt.Errorf("chain %+v", c)
			}
			for _, r := range c.Rules {
				if r.Text == "" {
					return fmt.Errorf("a rule of %s without a text", c.Name)
				}
				for _, s := range r.Statements {
					if err := soundStatement(t, s, leads); err != nil {
						return fmt.Errorf("%s: %w", r.Text, err)
					}
				}
			}
		}
	}
	return nil
}

func soundStatement(t snapshot.FilterTable, s snapshot.FilterStatement, leads func(verdict, chain string) error) error {
	parts := 0
	for _, is := range []bool{s.Match != nil, s.Verdict != "", s.Lookup != nil, s.NAT != nil, s.Mark != nil, s.NoTrack, s.Opaque != ""} {
		if is {
			parts++
		}
	}
	hasSet := func(name string) bool {
		return slices.ContainsFunc(t.Sets, func(s snapshot.FilterSet) bool { return s.Name == name })
	}
	switch {
	case parts != 1:
		return fmt.Errorf("%d parts in one statement", parts)
	case s.Match != nil:
		if len(s.Match.Fields) == 0 || len(s.Match.Values) == 0 {
			return fmt.Errorf("match %+v", s.Match)
		}
		for _, v := range s.Match.Values {
			name, isSet := strings.CutPrefix(v, "@")
			if isSet && !hasSet(name) || v == "" {
				return fmt.Errorf("value %q", v)
			}
		}
	case s.Lookup != nil:
		l := s.Lookup
		if len(l.Fields) == 0 || len(l.Elements) != len(l.Verdicts) || l.Map != "" && !hasSet(l.Map) {
			return fmt.Errorf("lookup %+v", l)
		}
		for _, v := range l.Verdicts {
			if err := leads(v.Verdict, v.Chain); err != nil {
				return err
			}
		}
	}
	return leads(s.Verdict, s.Chain)
}

// FuzzSave: no text makes the parser fall over; what it takes can be followed
// and has as many rules as the text.
func FuzzSave(f *testing.F) {
	for _, text := range files(f, "ip*-save") {
		f.Add(text)
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "-A ") {
				chain := strings.Fields(line)[1]
				f.Add([]byte("*filter\n:" + chain + " - [0:0]\n" + line + "COMMIT\n"))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tables, err := ParseSave(toolLegacy, "ip", text)
		if err != nil {
			return
		}
		if err := sound(tables); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		rules := 0
		for _, table := range tables {
			for _, c := range table.Chains {
				rules += len(c.Rules)
			}
		}
		if rules < strings.Count(string(text), "\n-A ") && !strings.ContainsAny(string(text), "\"#[") {
			t.Errorf("%q: %d rules", text, rules)
		}
	})
}

// FuzzRuleset: no JSON makes the parser fall over; what it takes can be
// followed.
func FuzzRuleset(f *testing.F) {
	for _, text := range files(f, "nft.json") {
		f.Add(text, []byte(nil))
		for line := range strings.SplitSeq(string(text), `"expr": `) {
			if expressions, _, ok := strings.Cut(line, `}}, {"`); ok && strings.HasPrefix(expressions, "[") {
				f.Add([]byte(ruleOf(expressions[1:len(expressions)-1])), []byte(nil))
			}
		}
	}
	for _, text := range files(f, "nft.txt") {
		f.Add([]byte(ruleset()), text)
	}
	f.Fuzz(func(t *testing.T, text, listing []byte) {
		tables, err := ParseRuleset(text, listing)
		if err != nil {
			return
		}
		if err := sound(tables); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// FuzzNetlink: no answer of the kernel makes its reader fall over.
func FuzzNetlink(f *testing.F) {
	f.Add([]byte("\x14\x00\x00\x00\x03\x00\x02\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		messages, err := messagesOf(data)
		if err != nil && messages != nil {
			t.Errorf("%v and %d messages", err, len(messages))
		}
		for _, m := range messages {
			_ = writtenByIPTables(m.attrs.get(4))
		}
		_ = writtenByIPTables(data)
	})
}
