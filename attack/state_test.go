package attack_test

import (
	"strings"
	"testing"

	"seawall/attack"
)

// TestEveryStateHasAName: also those of which it was not seen what they are called.
func TestEveryStateHasAName(t *testing.T) {
	for _, kind := range []attack.Kind{attack.Internet, attack.LAN, attack.LocalUser, attack.Account, attack.Uplink, attack.EngineControl, attack.HostRoot, attack.Registry, attack.Secret} {
		if text := (attack.State{Kind: kind}).String(); text == "" || strings.TrimSpace(text) != text || strings.Contains(text, "*") {
			t.Errorf("a state %s without a name is called %q", kind, text)
		}
	}
}
