package snapshot

// BuildRemark is something that a step of an image's history did and that
// matters. The steps' own text is not kept: it may hold secrets of any form.
type BuildRemark struct {
	// Step is the number of the step, 1 for the oldest.
	Step int `json:"step"`
	// Instruction is that of the Dockerfile: "RUN", "ADD", …
	Instruction string    `json:"instruction"`
	Kind        BuildKind `json:"kind"`
	// What is what was seen, without values: "curl | sh", "DB_PASSWORD".
	What string `json:"what"`
	// Where is the place of the step in a Dockerfile, "Dockerfile:12"; "" if none was
	// read.
	Where string `json:"where,omitempty"`
	// Stage is the name or number of the stage of a Dockerfile whose step it is, if that
	// stage does not become the image; else "".
	Stage string `json:"stage,omitempty"`
}

// BaseImage is an image that the build of another takes files from.
type BaseImage struct {
	Ref   string `json:"ref"`   // "debian:12@sha256:…"
	Where string `json:"where"` // "Dockerfile:1"
}

// NoDockerfile is why what only a Dockerfile tells is not known of a built image.
var NoDockerfile = Gap{Reason: ReasonNotCollected, Detail: "a built image does not tell what its Dockerfile had", Remedy: "audit the Dockerfile"}

// BuildKind says what a step did.
type BuildKind string

// The kinds of remarks about steps.
const (
	BuildSecret        BuildKind = "secret"               // it holds a secret of this name
	BuildSecretFile    BuildKind = "secret-file"          // it copies a file that usually holds one
	BuildScript        BuildKind = "fetched-script"       // it runs what it fetches
	BuildPlainHTTP     BuildKind = "fetched-script-http"  // the same, without TLS
	BuildNoVerify      BuildKind = "unverified-tls"       // it does not check a server's certificate
	BuildUnsigned      BuildKind = "unverified-packages"  // it installs packages without checking signatures
	BuildUpdate        BuildKind = "index-alone"          // it updates the index of packages and installs none
	BuildAddFile       BuildKind = "add-file"             // ADD of what COPY could copy
	BuildAddURL        BuildKind = "add-url"              // ADD of a URL without a checksum
	BuildAddUnknown    BuildKind = "add-unknown"          // ADD of a file of which the history tells no name
	BuildWritable      BuildKind = "world-writable"       // it lets everyone write a file
	BuildSudo          BuildKind = "sudo-nopasswd"        // it lets a user become root without a password
	BuildSudoUsed      BuildKind = "sudo"                 // it runs a command by sudo
	BuildPassword      BuildKind = "password"             // it sets the password of a user
	BuildSetID         BuildKind = "setuid"               // it makes a program run as its owner
	BuildExtraIndex    BuildKind = "extra-index"          // it installs packages from one more index
	BuildSecretArg     BuildKind = "secret-argument"      // a secret is to be given as build argument
	BuildWorkdir       BuildKind = "system-directory"     // it works in a directory of the system
	BuildInsecure      BuildKind = "insecure"             // it runs without confinement (--security=insecure)
	BuildHostNet       BuildKind = "host-network"         // it runs on the network of the builder's host
	BuildContext       BuildKind = "whole-context"        // it copies the whole context, of which nothing is left out
	BuildContextUnseen BuildKind = "whole-context-unseen" // the same, where it is not known whether anything is left out
	BuildUnread        BuildKind = "unread"               // it runs a script that could not be read
	BuildCut           BuildKind = "cut"                  // the history is longer than what is read of it
)
