package lang

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/leonelquinteros/gotext"
)

// Load reads the catalogs of a language, which are files named after it with the ending
// ".po", such as rules/host/ja.po. It is an error if two translate one text differently.
func Load(files fs.FS, tag string) (Texts, error) {
	texts := Texts{}
	from := map[Key]string{}
	return texts, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Base(name) != tag+".po" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		for k, text := range Catalog(data) {
			if had, ok := texts[k]; ok && text != "" && had != text {
				return fmt.Errorf("%s: %q is translated otherwise in %s", name, k.Text, from[k])
			}
			if text != "" {
				texts[k], from[k] = text, name
			}
		}
		return nil
	})
}

// Catalog reads one catalog; texts without a translation are in it, as "".
func Catalog(data []byte) Texts {
	po := gotext.NewPo()
	po.Parse(data)
	texts := Texts{}
	domain := po.GetDomain()
	add := func(context string, all map[string]*gotext.Translation) {
		for id, t := range all {
			if t.PluralID != "" {
				id = t.PluralID
			}
			if id != "" {
				texts[Key{context, id}] = t.Trs[0]
			}
		}
	}
	add("", domain.GetTranslations())
	for context, all := range domain.GetCtxTranslations() {
		add(context, all)
	}
	return texts
}

// Choose is the language that a person asked for: by the flag, which may be "", or else by
// the locale, as POSIX orders its variables. An unknown locale is English, an unknown flag
// an error.
func Choose(flag string, getenv func(string) string) (string, error) {
	if flag != "" {
		if tag := known(flag); tag != "" {
			return tag, nil
		}
		return "", fmt.Errorf("unknown language %q: use one of %s", flag, strings.Join(Tags, ", "))
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if tag := known(value); tag != "" {
				return tag, nil
			}
			break
		}
	}
	return English, nil
}

// known is the tag that a value such as "ja_JP.UTF-8" or "ja-JP" begins with.
func known(value string) string {
	language := strings.ToLower(strings.FieldsFunc(value+".", func(r rune) bool { return strings.ContainsRune("_-.@", r) })[0])
	if slices.Contains(Tags, language) {
		return language
	}
	return ""
}
