package steps_test

import (
	"testing"

	"seawall/attack"
	"seawall/lab"
	"seawall/rule/example"
	"seawall/snapshot"
)

// TestLiveMetadata proves which containers get to the address at which clouds answer:
// the neighbour of the lab host stands in for the cloud, and what the firmware of one of
// its machines tells is put into the snapshot.
func TestLiveMetadata(t *testing.T) {
	h := lab.New(t, lab.Options{LAN: true})
	image := attemptImage(t, h)
	h.CopyIn(lab.Self(t), "/srv/attempt", 0o755)
	if out, err := h.Neighbour(t.Context(), "ip", "address", "add", "169.254.169.254/32", "dev", "lo").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	listens(t, h.Neighbour(t.Context(), "/srv/attempt", "serve-tcp", "169.254.169.254:80"))
	h.Docker("network", "create", "back")
	h.Docker("network", "create", "--internal", "vault")
	h.Run("--name", "app", "--network", "back", image)
	h.Run("--name", "kept", "--network", "vault", image)
	h.Run("--name", "out", "--network", "host", image)
	told := attack.State{Kind: attack.Secret, Name: "what the metadata of Google Compute Engine tells the machine, credentials included"}
	check := func(app bool) {
		t.Helper()
		s := collect(t, h)
		example.Set(&s.Host.Hardware, snapshot.Hardware{Vendor: "Google", Product: "Google Compute Engine"})
		checkMoves(t, h, s, []networkProof{
			{step: "cloud-metadata-from-container", from: uplink("back"), to: told, at: "app", try: "169.254.169.254:80", want: app},
			{step: "cloud-metadata-from-container", from: uplink("vault"), to: told, at: "kept", try: "169.254.169.254:80"},
			{step: "cloud-metadata-from-container", from: inContainer("out"), to: told, at: "out", try: "169.254.169.254:80", want: true},
		})
	}
	check(true)
	h.Exec("iptables", "-I", "DOCKER-USER", "-d", "169.254.169.254", "-j", "DROP")
	check(false)
}
