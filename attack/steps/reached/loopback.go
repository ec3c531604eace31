package reached

import (
	"net/netip"

	"seawall/attack"
	"seawall/lang"
	"seawall/snapshot"
)

// ServiceGives is the name of what a service gives to whom it trusts.
var ServiceGives = attack.NewNameForm(lang.N("what the host's service %s gives"))

// LoopbackName is a service by its address and its program's path.
func LoopbackName(s *snapshot.Service) string {
	if s.Program == "" {
		return s.Address
	}
	return s.Address + " (" + s.Program + ")"
}

// LoopbackOnly reports whether a service takes what comes from the host itself only.
func LoopbackOnly(s *snapshot.Service) bool {
	at, err := netip.ParseAddrPort(s.Address)
	return err == nil && at.Addr().IsLoopback()
}
