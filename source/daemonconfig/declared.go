package daemonconfig

import (
	"fmt"
	"strings"

	"seawall/snapshot"
)

// current is the engine release whose defaults a declared configuration gets.
const current = "29.0"

// Declared returns the settings that a daemon.json would give on a current
// engine, without flags. What it leaves out has the engine's default, with the
// source "default". What depends on the host is a gap. With [ErrUnknownKey]
// the settings are returned too: they count if the key is one of a release
// newer than this program.
func Declared(name string, data []byte) (snapshot.Settings, error) {
	file, err := ParseFile(name, data)
	if err != nil {
		return snapshot.Settings{}, fmt.Errorf("%s: %w", name, err)
	}
	s := Effective(Given{
		Version: snapshot.See(current, snapshot.At("version", "current engine")),
		Flags:   snapshot.None[Config](snapshot.At("command line", name)),
		File:    snapshot.See(file, snapshot.At("configuration file", name)),
	})
	if len(file.Unknown) > 0 {
		return s, fmt.Errorf("%s: %w: %s", name, ErrUnknownKey, strings.Join(file.Unknown, ", "))
	}
	return s, nil
}
