package change

import "seawall/attack"

// The changes to mounts, volumes and secrets of containers.
var (
	DropCapabilities = &attack.ChangeKind{
		ID: "drop-capabilities", Text: "Run {subject} without capabilities",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What it does as root: programs that change owners or users.",
		Run: "--cap-drop ALL", Compose: "services:\n  {subject}:\n    cap_drop: [ALL]",
	}
	RemoveSocket = &attack.ChangeKind{
		ID: "remove-socket", Text: "Run {subject} without the socket {detail}",
		Weight: 3, Disruption: attack.Recreate, Breaks: "What it does through the socket.",
		Run: "remove: -v {detail}:…, and directories that contain it", Compose: "services:\n  {subject}:\n    volumes: []   # without {detail} and directories that contain it",
	}
	DropGroup = &attack.ChangeKind{
		ID: "drop-group", Text: "Run {subject} without group {detail}",
		Weight: 1, Disruption: attack.Recreate, Breaks: "Programs that open files of the group.",
		Run: "remove: --group-add {detail}", Compose: "services:\n  {subject}:\n    group_add: []   # without {detail}",
	}
	PrivatePropagation = &attack.ChangeKind{
		ID: "private-propagation", Text: "Mount {detail} in {subject} with private propagation",
		Weight: 1, Disruption: attack.Recreate, Breaks: "Mounts that are to appear on the other side.",
		Run:     "-v {detail}:…:rprivate",
		Compose: "services:\n  {subject}:\n    volumes:\n      - type: bind\n        source: {detail}\n        target: …\n        bind: {propagation: rprivate}",
	}
	SplitVolume = &attack.ChangeKind{
		ID: "split-volume", Text: "Give each container that mounts volume {subject} a volume of its own",
		Weight: 3, Disruption: attack.Redeploy, Breaks: "What the containers hand to each other by files.",
		Run: "-v {subject}-own:…", Compose: "volumes:\n  {subject}-own: {}",
	}
	ReadOnlyVolume = &attack.ChangeKind{
		ID: "read-only-volume", Text: "Mount volume {detail} read-only in {subject}",
		Weight: 1, Disruption: attack.Recreate, Breaks: "What it writes there.",
		Run: "-v {detail}:…:ro", Compose: "services:\n  {subject}:\n    volumes: [\"{detail}:…:ro\"]",
	}
	SecretFile = &attack.ChangeKind{
		ID: "secret-file", Text: "Give {subject} the secret {detail} as a file",
		Weight: 2, Disruption: attack.Redeploy, Breaks: "Programs that cannot read the secret from a file.",
		Run: "instead: -v ./secret:/run/secrets/name:ro", Compose: "services:\n  {subject}:\n    secrets: [name]\nsecrets:\n  name: {file: ./secret}",
	}
)
