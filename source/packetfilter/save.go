package packetfilter

import (
	"errors"
	"fmt"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Tools, as [snapshot.FilterTable] names them.
const (
	toolIPTables = "iptables"
	toolLegacy   = "iptables-legacy"
	toolNFT      = "nft"
)

// place is where the kernel calls a builtin chain.
type place struct {
	hook     string
	priority int
	kind     string
}

// builtin are the tables and chains that the kernel brings, with the
// priorities of include/uapi/linux/netfilter_ipv4.h.
var builtin = map[string]map[string]place{
	"raw": {"PREROUTING": {"prerouting", -300, "filter"}, "OUTPUT": {"output", -300, "filter"}},
	"mangle": {"PREROUTING": {"prerouting", -150, "filter"}, "INPUT": {"input", -150, "filter"}, "FORWARD": {"forward", -150, "filter"},
		"OUTPUT": {"output", -150, "route"}, "POSTROUTING": {"postrouting", -150, "filter"}},
	"nat": {"PREROUTING": {"prerouting", -100, "nat"}, "INPUT": {"input", 100, "nat"},
		"OUTPUT": {"output", -100, "nat"}, "POSTROUTING": {"postrouting", 100, "nat"}},
	"filter":   {"INPUT": {"input", 0, "filter"}, "FORWARD": {"forward", 0, "filter"}, "OUTPUT": {"output", 0, "filter"}},
	"security": {"INPUT": {"input", 50, "filter"}, "FORWARD": {"forward", 50, "filter"}, "OUTPUT": {"output", 50, "filter"}},
}

// securityOfNFT is the priority that iptables-nft gives the chains of security.
const securityOfNFT = 150

// Errors of what a tool printed.
var (
	errSyntax = errors.New(lang.N("not what iptables-save prints"))
	errCut    = errors.New(lang.N("cut short"))
	errChain  = errors.New(lang.N("no such chain"))
)

// longestRule bounds a rule of several lines.
const longestRule = 16 << 10

// saved is the state of reading what iptables-save printed.
type saved struct {
	tool, family string
	tables       []snapshot.FilterTable
	skipped      map[string]bool // tables that the tool says it cannot show

	open   bool
	chains map[string]int // of the open table, by name
}

// ParseSave reads what iptables-save or ip6tables-save prints, of either back
// end. Family is "ip" or "ip6", tool as in [snapshot.FilterTable]. A table of
// which the program says that it must be listed by nft is left out.
func ParseSave(tool, family string, data []byte) ([]snapshot.FilterTable, error) {
	s := saved{tool: tool, family: family, skipped: map[string]bool{}}
	line, start := 0, 0
	whole := ""
	for part := range strings.Lines(string(data)) {
		line++
		if whole == "" {
			start = line
		}
		whole += part
		if strings.HasPrefix(whole, "-A ") || strings.HasPrefix(whole, "[") {
			if openQuote(whole) && len(whole) < longestRule { // a comment of several lines
				continue
			}
		}
		if err := s.line(strings.TrimSpace(whole)); err != nil {
			return nil, lang.RecordErrorf("line %d: %w", start, err)
		}
		whole = ""
	}
	switch {
	case whole != "":
		return nil, lang.RecordErrorf("line %d: %w: a quote is not closed", start, errCut)
	case s.open:
		return nil, lang.RecordErrorf("line %d: %w: table %s has no COMMIT", line, errCut, s.table().Name)
	}
	return s.tables, nil
}

func (s *saved) table() *snapshot.FilterTable { return &s.tables[len(s.tables)-1] }

// line takes up one line.
func (s *saved) line(text string) error {
	switch {
	case text == "":
		return nil
	case text[0] == '#':
		// # Table `filter' is incompatible, use 'nft' tool.
		// # Table `filter' contains incompatible base-chains, use 'nft' tool to list them.
		if rest, ok := strings.CutPrefix(text, "# Table `"); ok {
			name, _, _ := strings.Cut(rest, "'")
			s.skipped[name] = true
		}
		return nil
	case text[0] == '*':
		return s.begin(text[1:])
	case !s.open:
		return lang.RecordErrorf("%w: %.40q outside of a table", errSyntax, text)
	case text == "COMMIT":
		s.open = false
		if s.skipped[s.table().Name] {
			s.tables = s.tables[:len(s.tables)-1]
		}
		return nil
	case text[0] == ':':
		return s.chain(text[1:])
	}
	return s.rule(text)
}

func (s *saved) begin(name string) error {
	if s.open {
		return lang.RecordErrorf("%w: table %s has no COMMIT", errCut, s.table().Name)
	}
	if builtin[name] == nil {
		return lang.RecordErrorf("%w: table %.40q", errSyntax, name)
	}
	for _, t := range s.tables {
		if t.Name == name {
			return lang.RecordErrorf("%w: table %s comes twice", errSyntax, name)
		}
	}
	s.open, s.chains = true, map[string]int{}
	s.tables = append(s.tables, snapshot.FilterTable{Tool: s.tool, Family: s.family, Name: name})
	return nil
}

// chain takes up ":NAME POLICY [counters]".
func (s *saved) chain(text string) error {
	words := strings.Fields(text)
	if len(words) < 2 || len(words) > 3 {
		return lang.RecordErrorf("%w: chain %.40q", errSyntax, text)
	}
	table := s.table()
	chain := snapshot.FilterChain{Name: words[0]}
	at, isBuiltin := builtin[table.Name][words[0]]
	switch {
	case isBuiltin && (words[1] == "ACCEPT" || words[1] == "DROP"):
		chain.Hook, chain.Priority, chain.Type = at.hook, at.priority, at.kind
		chain.Policy = strings.ToLower(words[1])
		if table.Name == "security" && s.tool == toolIPTables {
			chain.Priority = securityOfNFT
		}
	case isBuiltin || words[1] != "-":
		return lang.RecordErrorf("%w: policy %.40q of chain %.40q", errSyntax, words[1], words[0])
	}
	if _, twice := s.chains[words[0]]; twice {
		return lang.RecordErrorf("%w: chain %.40q comes twice", errSyntax, words[0])
	}
	s.chains[words[0]] = len(table.Chains)
	table.Chains = append(table.Chains, chain)
	return nil
}

// rule takes up "-A CHAIN …", with counters in front or not.
func (s *saved) rule(text string) error {
	if text[0] == '[' {
		_, rest, ok := strings.Cut(text, "] ")
		if !ok {
			return fmt.Errorf("%w: %.40q", errSyntax, text)
		}
		text = rest
	}
	words := splitWords(text)
	if len(words) < 2 || words[0].text != "-A" {
		return fmt.Errorf("%w: %.40q", errSyntax, text)
	}
	at, ok := s.chains[words[1].text]
	if !ok {
		return lang.RecordErrorf("%w: %.40q, to which a rule is added", errChain, words[1].text)
	}
	r := savedRule{family: s.family, table: s.table().Name, chains: s.chains, text: text}
	statements, err := r.parse(words[2:])
	if err != nil {
		return err
	}
	chain := &s.table().Chains[at]
	chain.Rules = append(chain.Rules, snapshot.FilterRule{Text: r.text, Statements: statements})
	return nil
}

// savedWord is a word of a rule. One that was quoted is never an option.
type savedWord struct {
	text   string
	quoted bool
}

// splitWords splits at blanks outside of double quotes, in which a backslash
// stands before a character that is meant as it is.
func splitWords(text string) []savedWord {
	var out []savedWord
	var w strings.Builder
	in, quoted, escaped, any := false, false, false, false
	for i := range len(text) {
		c := text[i]
		switch {
		case escaped:
			w.WriteByte(c)
			escaped = false
		case in && c == '\\':
			escaped = true
		case c == '"':
			in, quoted, any = !in, true, true
		case !in && (c == ' ' || c == '\t'):
			if any {
				out = append(out, savedWord{w.String(), quoted})
			}
			w.Reset()
			quoted, any = false, false
		default:
			w.WriteByte(c)
			any = true
		}
	}
	if any {
		out = append(out, savedWord{w.String(), quoted})
	}
	return out
}

// openQuote says whether a text ends inside of quotes.
func openQuote(text string) bool {
	in, escaped := false, false
	for i := range len(text) {
		switch {
		case escaped:
			escaped = false
		case in && text[i] == '\\':
			escaped = true
		case text[i] == '"':
			in = !in
		}
	}
	return in
}
