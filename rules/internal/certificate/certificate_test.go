package certificate

import (
	"testing"
	"time"

	"seawall/snapshot"
)

func TestWeakness(t *testing.T) {
	tests := []struct {
		cert snapshot.Certificate
		want string
	}{
		{snapshot.Certificate{KeyType: "RSA", KeyBits: 2048, Signature: "SHA256-RSA"}, ""},
		{snapshot.Certificate{KeyType: "RSA", KeyBits: 2047, Signature: "SHA256-RSA"}, "its key has 2047 bits (RSA)"},
		{snapshot.Certificate{KeyType: "ECDSA", KeyBits: 224, Signature: "ECDSA-SHA256"}, ""},
		{snapshot.Certificate{KeyType: "ECDSA", KeyBits: 192, Signature: "ECDSA-SHA256"}, "its key has 192 bits (ECDSA)"},
		{snapshot.Certificate{KeyType: "Ed25519", KeyBits: 256, Signature: "Ed25519"}, ""},
		{snapshot.Certificate{KeyType: "ECDSA", KeyBits: 223, Signature: "ECDSA-SHA256"}, "its key has 223 bits (ECDSA)"},
		{snapshot.Certificate{KeyType: "DSA", KeyBits: 2048, Signature: "DSA-SHA256"}, ""},
		{snapshot.Certificate{KeyType: "DSA", KeyBits: 2047, Signature: "DSA-SHA256"}, "its key has 2047 bits (DSA)"},
		{snapshot.Certificate{KeyType: "RSA", KeyBits: 4096, Signature: "MD2-RSA"}, "it is signed with MD2-RSA"},
		{snapshot.Certificate{KeyType: "RSA", KeyBits: 4096, Signature: "MD5-RSA"}, "it is signed with MD5-RSA"},
		{snapshot.Certificate{KeyType: "RSA", KeyBits: 4096, Signature: "SHA1-RSA"}, "it is signed with SHA1-RSA"},
		{snapshot.Certificate{KeyType: "ECDSA", KeyBits: 256, Signature: "ECDSA-SHA1"}, "it is signed with ECDSA-SHA1"},
		{snapshot.Certificate{KeyType: "RSA", KeyBits: 4096, Signature: "SHA1-RSA", SelfSigned: true}, ""},
	}
	for _, tt := range tests {
		if got := Weakness(&tt.cert); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.cert, got, tt.want)
		}
	}
}

func TestInvalid(t *testing.T) {
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	c := snapshot.Certificate{NotBefore: from, NotAfter: to}
	for now, want := range map[time.Time]string{
		from: "", to: "",
		from.Add(-time.Second): "begins only on 2026-01-01",
		to.Add(time.Second):    "ended on 2027-01-01",
	} {
		if got := Invalid(&c, now); got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
}
