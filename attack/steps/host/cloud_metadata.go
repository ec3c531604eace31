package host

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/reached"
	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func cloudMetadata() *attack.Step {
	return &attack.Step{
		ID: "cloud-metadata-from-container", Title: "Ask the cloud for what it tells the machine",
		Why: "A cloud answers its machines at 169.254.169.254 without a password: with start-up scripts, and with credentials of the machine's identity if it has one. " +
			"It takes what comes from a container for the machine.",
		At:   rule.KindHost,
		From: attack.Uplink, To: attack.Secret,
		ATTACK: "T1552.005", Cost: 1, CostReason: "one request",
		Needs: attack.All(onCloud()),
		Each:  metadataReaders,
		Proof: "the firmware's names of vendor and product, the packet filters and routes; the address is never connected to",
		Bad: []rule.Example{
			{Show: "a machine of Google's cloud", Facts: onMachine(snapshot.Hardware{Vendor: "Google", Product: "Google Compute Engine"}, "bridge")},
			{Show: "docker run --network host on a machine of Amazon's cloud", Facts: onMachine(snapshot.Hardware{Vendor: "Amazon EC2", Product: "t3.micro"}, "host")},
		},
		Good: []rule.Example{
			{Show: "a machine that is of no cloud", Facts: example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"})},
			{Show: "a machine of Google's cloud", Firewall: "iptables -I DOCKER-USER -d 169.254.169.254 -j DROP", Facts: onMachine(snapshot.Hardware{Vendor: "Google", Product: "Google Compute Engine"}, "bridge")},
		},
	}
}

// onMachine is a container that runs on a machine of this kind.
func onMachine(h snapshot.Hardware, network string) func(*snapshot.Snapshot) {
	return example.Together(example.Host(func(host *snapshot.Host) { example.Set(&host.Hardware, h) }),
		example.Running(example.Container{Name: "web", Network: network, IPv4: "172.17.0.2"}))
}

// onCloud: the machine is of a cloud that hands out credentials.
func onCloud() *attack.Cond {
	return &attack.Cond{
		Says:  "the machine is one of a cloud's",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			h, known := q.Host.Hardware.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(h.Cloud() != "")
		},
	}
}

// metadataOf is the name of what a cloud tells its machines.
var metadataOf = attack.NewNameForm(lang.N("what the metadata of %s tells the machine, credentials included"))

// metadataReaders are the containers whose packets get to the cloud's metadata.
func metadataReaders(q *attack.Query) []attack.Instance {
	hardware, known := q.Host.Hardware.Peek()
	to := attack.State{Kind: attack.Secret}
	if known {
		to.Name = metadataOf.Of(string(hardware.Cloud()))
	}
	var list []reached.Sender
	if why := reached.UnreadHost(q); why != "" {
		list = reached.EveryUplink(q, why)
	} else {
		m := q.Reach()
		at := slices.IndexFunc(m.Targets, func(t matrix.Target) bool { return t.Kind == matrix.Metadata })
		if at < 0 {
			return nil // without a network there is none who sends
		}
		list = reached.Inside(q, m, at, reached.Leaving)
	}
	out := reached.Instances(matrix.MetadataAddress.String(), list)
	for i := range out {
		metadataInstance(q, &out[i], hardware.Cloud())
		out[i].To = to
	}
	return out
}

// metadataInstance adds what ends it, and that of Amazon's the number of hops over
// which it answers is not known: 1 keeps out what a bridge forwards.
func metadataInstance(q *attack.Query, i *attack.Instance, cloud snapshot.Cloud) {
	if i.From.Kind == attack.Container { // in the host's network
		i.Ends = []attack.Change{{Kind: change.OwnNamespace, Engine: i.From.Engine, Subject: i.From.Name, Detail: "network"}}
		return
	}
	i.Ends = []attack.Change{{Kind: change.BlockMetadata}}
	if cloud == snapshot.AmazonEC2 {
		i.Ends = append(i.Ends, attack.Change{Kind: change.HopLimit})
		i.Unknown = true
		i.Missing = append(i.Missing, cond.Undecided(q.Host.Hardware.Origin(), lang.T("over how many hops the metadata answers is set in the cloud, and not to be seen from here without asking it"),
			lang.T("look with: aws ec2 describe-instances --query 'Reservations[].Instances[].MetadataOptions'"))...)
	}
}
