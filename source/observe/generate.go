package observe

// The object that the kernel loads is compiled from bpf/observe.bpf.c, and kept here so
// that building Seawall needs no compiler but Go's. TestObjectIsCurrent compares them.
//
//go:generate go tool bpf2go -tags linux -target amd64 -type event kernel bpf/observe.bpf.c -- -O2 -g -Wall -Werror
//go:generate go run ./gennames -o syscallnames_amd64.go
