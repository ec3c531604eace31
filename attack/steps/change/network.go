package change

import "seawall/attack"

// The changes to what is reached over networks.
var (
	BindLoopback = &attack.ChangeKind{
		ID: "bind-loopback", Text: "Let the host's service {subject} listen on 127.0.0.1 only",
		Weight: 2, Breaks: "Clients on other machines and in containers.",
		Shell: "set the address that it listens on in its own configuration, and restart it",
	}
	KeepFromPort = &attack.ChangeKind{
		ID: "keep-containers-from-port", Text: "Keep containers from port {detail} of the host",
		Weight: 1, Breaks: "Containers that use it.",
		Shell: "for each bridge: sudo iptables -I INPUT -i BRIDGE -p tcp --dport {detail} -j DROP",
	}
	KeepDirect = &attack.ChangeKind{
		ID: "keep-from-containers", Text: "Let nobody outside send to the addresses of containers on network {detail} but by published ports",
		Weight: 2, Breaks: "Who uses the containers' own addresses.",
		Shell: "sudo iptables -I DOCKER-USER -i INTERFACE -m conntrack --ctstate NEW --ctorigdst SUBNET -j DROP",
	}
	DropMartians = &attack.ChangeKind{
		ID: "drop-martians", Text: "Drop what comes from elsewhere for addresses of the loopback network",
		Weight: 1, Breaks: "Nothing that is sent as it should be.",
		Shell: "sudo iptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP",
	}
	BlockMetadata = &attack.ChangeKind{
		ID: "block-metadata", Text: "Keep containers from the metadata of the cloud",
		Weight: 1, Breaks: "Containers that act as the machine in the cloud.",
		Shell: "sudo iptables -I DOCKER-USER -d 169.254.169.254 -j DROP",
	}
	HopLimit = &attack.ChangeKind{
		ID: "metadata-hop-limit", Text: "Let the metadata answer over one hop only, with a token",
		Weight: 1, Breaks: "Containers that act as the machine in the cloud, and programs that know version 1 of the metadata only.",
		Shell: "aws ec2 modify-instance-metadata-options --instance-id ID --http-tokens required --http-put-response-hop-limit 1",
	}
)

// Unpublish is the change to the ports that a container publishes.
var Unpublish = &attack.ChangeKind{
	ID: "unpublish", Text: "Publish no port of {subject}, or only on 127.0.0.1 behind a proxy",
	Weight: 3, Disruption: attack.Recreate, Breaks: "Clients that use the ports.",
	Run: "-p 127.0.0.1:PORT:PORT", Compose: "services:\n  {subject}:\n    ports: [\"127.0.0.1:PORT:PORT\"]",
}
