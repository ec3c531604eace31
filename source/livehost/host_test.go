package livehost

import (
	"encoding/json"
	"testing"

	"seawall/snapshot"
)

func TestShowThisHost(t *testing.T) {
	h := collectHost(t.Context(), ThisMachine())
	b, _ := json.MarshalIndent(h, "", " ")
	t.Logf("%s", b)
	_ = snapshot.Host{}
}
