package runline

import (
	"encoding/csv"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/go-connections/nat"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"seawall/lang"
	"seawall/source/unresolved"
)

// longNetwork tells the long form of --network, name=x,alias=y, from a name.
var longNetwork = regexp.MustCompile(`\w+=\w+(,\w+=\w+)*`)

// addNetworks reads --network. The first is the network mode; links of a
// network of one's own are its endpoint's.
func (o *options) addNetworks(r *request) error {
	r.host.NetworkMode = network.NetworkDefault
	r.net = &network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{}}
	var own, builtin bool
	for i, spec := range o.networks {
		name, err := networkSpec(spec)
		if err != nil {
			return lang.Errorf("--network %s: %w", spec, err)
		}
		if i == 0 {
			r.host.NetworkMode = container.NetworkMode(name)
		}
		if _, twice := r.net.EndpointsConfig[name]; twice {
			return lang.Errorf("--network %s is given twice", name)
		}
		r.net.EndpointsConfig[name] = nil
		if userDefined(name) {
			own = true
		} else {
			builtin = true
		}
	}
	if own && builtin {
		return lang.Error("--network: a network of one's own and a built-in one exclude each other")
	}
	if len(o.aliases) > 0 && !own {
		return lang.Error("--network-alias needs a network of one's own (--network)")
	}
	if strings.HasPrefix(string(r.host.NetworkMode), "container:") {
		r.net = nil
	}
	return nil
}

func userDefined(name string) bool {
	switch name {
	case network.NetworkDefault, network.NetworkBridge, network.NetworkHost, network.NetworkNone:
		return false
	}
	return !strings.HasPrefix(name, "container:")
}

// networkSpec returns the name in a value of --network.
func networkSpec(spec string) (string, error) {
	if !longNetwork.MatchString(spec) {
		if strings.TrimSpace(spec) == "" {
			return "", lang.Error("no name")
		}
		return spec, nil
	}
	fields, err := csv.NewReader(strings.NewReader(spec)).Read()
	if err != nil {
		return "", lang.Errorf("the value cannot be read: %w", err)
	}
	name := ""
	for _, field := range fields {
		key, value, assigned := strings.Cut(strings.ToLower(field), "=")
		if !assigned {
			return "", lang.Errorf("%s is not of the form key=value", field)
		}
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "name":
			name = value
		case "ip", "ip6", "link-local-ip":
			if _, err := netip.ParseAddr(value); err != nil {
				return "", lang.Errorf("%q is not an address", value)
			}
		case "gw-priority":
			if !validInt(value) {
				return "", lang.Errorf("%q is not a number", value)
			}
		case "alias", "mac-address", "driver-opt":
		default:
			return "", lang.Errorf("there is no key %s", key)
		}
	}
	if name == "" {
		return "", lang.Error("no name")
	}
	return name, nil
}

func validInt(s string) bool { _, err := strconv.Atoi(s); return err == nil }

// addPorts reads -p and --expose.
func (o *options) addPorts(r *request) error {
	known := slices.DeleteFunc(slices.Clone(o.publish), func(spec string) bool {
		text, open := unresolved.In(spec)
		if open {
			o.open["Ports"] = text
		}
		return open
	})
	specs, err := shortPorts(known)
	if err != nil {
		return err
	}
	exposed, bindings, err := nat.ParsePortSpecs(specs)
	if err != nil {
		return lang.Errorf("-p: %w", err)
	}
	r.config.ExposedPorts, r.host.PortBindings = network.PortSet{}, network.PortMap{}
	for port := range exposed {
		p, err := network.ParsePort(string(port))
		if err != nil {
			return lang.Errorf("-p: %w", err)
		}
		r.config.ExposedPorts[p] = struct{}{}
		for _, b := range bindings[port] {
			binding, err := portBinding(b)
			if err != nil {
				return err
			}
			r.host.PortBindings[p] = append(r.host.PortBindings[p], binding)
		}
	}
	for _, spec := range o.expose {
		ports, err := network.ParsePortRange(spec)
		if err != nil {
			return lang.Errorf("--expose %s: %w", spec, err)
		}
		for p := range ports.All() {
			r.config.ExposedPorts[p] = struct{}{}
		}
	}
	return nil
}

func portBinding(b nat.PortBinding) (network.PortBinding, error) {
	out := network.PortBinding{HostPort: b.HostPort}
	if b.HostIP == "" {
		return out, nil
	}
	ip, err := netip.ParseAddr(b.HostIP)
	if err != nil {
		return out, lang.Errorf("-p: %q is not an address", b.HostIP)
	}
	out.HostIP = ip
	return out, nil
}

// shortPorts turns published=8080,target=80,protocol=udp into 8080:80/udp.
func shortPorts(specs []string) ([]string, error) {
	var out []string
	for _, spec := range specs {
		if !strings.Contains(spec, "=") {
			out = append(out, spec)
			continue
		}
		keys := map[string]string{"protocol": "tcp"}
		for field := range strings.SplitSeq(spec, ",") {
			key, value, assigned := strings.Cut(field, "=")
			if !assigned || key == "" {
				return nil, lang.Errorf("-p %s: %q is not of the form key=value", spec, field)
			}
			keys[key] = value
		}
		out = append(out, keys["published"]+":"+keys["target"]+"/"+keys["protocol"])
	}
	return out, nil
}
