package cli

import (
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"seawall"
	"seawall/lang"
)

// langFlag is the flag that chooses the language.
const langFlag = "lang"

// japanese are the translations; they are read by those who want them only.
var japanese = sync.OnceValues(func() (lang.Texts, error) { return lang.Load(seawall.Translations, lang.Japanese) })

// speak sets the language that the flag or the locale asks for. It comes before the command
// line is parsed: the texts of commands and flags are in that language, too.
func speak(args []string, getenv func(string) string) error {
	tag, err := lang.Choose(flagValue(args, langFlag), getenv)
	if err != nil && len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		tag, err = lang.Choose("", getenv) // the flag's value is being typed
	}
	if err != nil {
		return err
	}
	var texts lang.Texts
	if tag != lang.English {
		if texts, err = japanese(); err != nil {
			return err
		}
	}
	lang.Set(tag, texts)
	return nil
}

// flagValue is the value of a long flag in a command line that is not parsed yet; "" if it is
// not there.
func flagValue(args []string, name string) string {
	value := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if v, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			value = v
		} else if arg == "--"+name && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}
