package observe

// The objects that the kernel loads, one for each architecture, are compiled from bpf/observe.bpf.c, and kept here so
// that building Seawall needs no compiler but Go's. TestObjectIsCurrent compares them.
//
//go:generate go tool bpf2go -tags linux -target amd64,arm64 -type event kernel bpf/observe.bpf.c -- -O2 -g -Wall -Werror
//go:generate go run ./gennames -arch amd64 -o syscallnames_amd64.go
//go:generate go run ./gennames -arch arm64 -o syscallnames_arm64.go
