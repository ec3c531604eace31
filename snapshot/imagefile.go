package snapshot

// ImageContents is what the files of an image tell. They are read when asked
// for only, from the layers on the engine's own machine.
type ImageContents struct {
	// SetIDFiles are the regular files that run as their owner or group
	// (setuid, setgid).
	SetIDFiles Fact[[]ImageFile] `json:"setIdFiles,omitzero"`
	// CapabilityFiles are those that give capabilities to who runs them.
	CapabilityFiles Fact[[]ImageFile] `json:"capabilityFiles,omitzero"`
	// OpenFiles are the files and directories of the system (/etc, /usr, …) that
	// everyone may write; not directories with the sticky bit.
	OpenFiles Fact[[]ImageFile] `json:"openFiles,omitzero"`
	// SecretFiles are files that hold a private key or credentials, in any layer.
	SecretFiles Fact[[]ImageSecret] `json:"secretFiles,omitzero"`
	// OpenAccounts are the accounts with a login shell and no password.
	OpenAccounts Fact[[]string] `json:"openAccounts,omitzero"`
}

// ImageFile is a file of an image, as the header in its layer has it.
type ImageFile struct {
	// Path is absolute. What is not printable in it is escaped as in Go.
	Path string `json:"path"`
	Dir  bool   `json:"dir,omitempty"`
	Mode Mode   `json:"mode"`
	UID  int    `json:"uid"` // as the image numbers users
	GID  int    `json:"gid"`
	Size int64  `json:"size,omitempty"` // bytes
	// Layer is the number of the layer that has it, 1 for the lowest.
	Layer int `json:"layer"`
	// Capabilities are what its attribute security.capability permits. Without
	// CapsEffective the program has to raise them itself.
	Capabilities  CapSet `json:"capabilities,omitzero"`
	CapsEffective bool   `json:"capsEffective,omitempty"`
}

// ImageSecret is a file of an image that holds a secret. Its content is never
// kept.
type ImageSecret struct {
	Path  string     `json:"path"`
	Kind  SecretKind `json:"kind"`
	What  string     `json:"what"` // "AWS credentials"
	Layer int        `json:"layer"`
	// Removed: a later layer removes or replaces it. It stays in the image.
	Removed bool `json:"removed,omitempty"`
}

// SecretKind says what a file of an image holds.
type SecretKind string

// The kinds of files with secrets.
const (
	SecretKey          SecretKind = "private-key"
	SecretEncryptedKey SecretKind = "encrypted-private-key" // opens with a passphrase
	SecretCredentials  SecretKind = "credentials"
	// SecretUnread is a file that by its name may hold one and that could not be
	// read; What says why.
	SecretUnread SecretKind = "unread"
)

// LostContents are the contents of an image that could not be read.
func LostContents(g Gap, source string) ImageContents {
	return ImageContents{
		SetIDFiles:      Lost[[]ImageFile](g, At("setuid and setgid files", source)),
		CapabilityFiles: Lost[[]ImageFile](g, At("security.capability", source)),
		OpenFiles:       Lost[[]ImageFile](g, At("world-writable files", source)),
		SecretFiles:     Lost[[]ImageSecret](g, At("files with secrets", source)),
		OpenAccounts:    Lost[[]string](g, At("accounts without password", source)),
	}
}
