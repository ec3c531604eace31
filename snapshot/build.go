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
}

// BuildKind says what a step did.
type BuildKind string

// The kinds of remarks about steps.
const (
	BuildSecret     BuildKind = "secret"              // it holds a secret of this name
	BuildSecretFile BuildKind = "secret-file"         // it copies a file that usually holds one
	BuildScript     BuildKind = "fetched-script"      // it runs what it fetches
	BuildPlainHTTP  BuildKind = "fetched-script-http" // the same, without TLS
	BuildNoVerify   BuildKind = "unverified-tls"      // it does not check a server's certificate
	BuildUnsigned   BuildKind = "unverified-packages" // it installs packages without checking signatures
	BuildUpdate     BuildKind = "index-alone"         // it updates the index of packages and installs none
	BuildAddFile    BuildKind = "add-file"            // ADD of what COPY could copy
	BuildAddURL     BuildKind = "add-url"             // ADD of a URL without a checksum
	BuildAddUnknown BuildKind = "add-unknown"         // ADD of a file of which the history tells no name
	BuildWritable   BuildKind = "world-writable"      // it lets everyone write a file
	BuildSudo       BuildKind = "sudo-nopasswd"       // it lets a user become root without a password
	BuildCut        BuildKind = "cut"                 // the history is longer than what is read of it
)
