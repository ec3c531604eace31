package rule

import (
	"regexp"
	"slices"
	"strings"

	"seawall/lang"
)

// Texts are the rule's texts for people that do not depend on a subject.
func (r *Rule) Texts() []*string { return []*string{&r.Title, &r.Why, &r.Fix.Text, &r.Fix.Breaks} }

// Shown are texts that are translated where they are shown: examples that are said in words,
// and what is said of changes of a Compose file.
func (r *Rule) Shown() []string {
	out := ShownOf(r.Good, r.Bad)
	if run := r.Fix.Run; !strings.HasPrefix(run, "-") && inWords(run) && !saysWhatToLeave(run) {
		out = append(out, run)
	}
	edits := &r.Fix.Edits
	out = append(out, edits.Not, edits.SafeWhen)
	for _, e := range edits.Do {
		out = append(out, e.Means)
	}
	return slices.DeleteFunc(out, func(text string) bool { return text == "" })
}

// ShownOf are the texts of examples that are said in words.
func ShownOf(lists ...[]Example) []string {
	var out []string
	for _, e := range slices.Concat(lists...) {
		if inWords(e.Show) {
			out = append(out, e.Show)
		}
	}
	return out
}

// saysWhatToLeave reports whether a line of docker run begins with what to leave out of it:
// "remove: --cap-add SYS_ADMIN", "instead of --ipc host: --ipc private".
func saysWhatToLeave(run string) bool {
	return strings.HasPrefix(run, "remove: ") || strings.HasPrefix(run, "instead")
}

// little are words of sentences that no command or setting has.
var little = regexp.MustCompile(`(^|\s)(an?|the|of|with|without|after|before|and|on|in|than|no|not|to|that|by|only|behind|beside|for|from)(\s|$)`)

// typed begins a line that is typed as it is: a command, a setting, a path.
var typed = regexp.MustCompile(`^(… )?(sudo|docker|dockerd\S*|ch(mod|own|grp)|setfacl|systemctl|openssl|sysctl|ip6?tables|useradd|usermod|adduser|apt-get|aa-complain|mount|echo|rm|FROM|RUN|ARG|HEALTHCHECK|nokaslr|sig_enforce|\S*[=/|\\]\S*) `)

var words = regexp.MustCompile(`\b[a-z]{2,} [a-z]{2,}\b`)

// inWords reports whether an example is said in words, and not typed.
func inWords(show string) bool {
	return little.MatchString(show) || words.MatchString(show) && !typed.MatchString(show)
}

// translated is the rule in the language that is spoken.
func (r *Rule) translated() *Rule {
	if lang.Tag() == lang.English {
		return r
	}
	t := *r
	for _, text := range t.Texts() {
		*text = lang.T(*text)
	}
	return &t
}
