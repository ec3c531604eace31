package runline

import (
	"encoding/csv"
	"path"
	"regexp"
	"strings"

	"github.com/moby/moby/api/types/container"

	"seawall/lang"
	"seawall/source/unresolved"
)

// cdiName is the form of a device of the Container Device Interface:
// vendor.com/class=name.
var cdiName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*/[A-Za-z][A-Za-z0-9_-]*=[A-Za-z0-9][A-Za-z0-9_.:-]*$`)

// deviceMode is the form of a device's permissions; no letter twice is not
// checked here.
var deviceMode = regexp.MustCompile(`^[rwm]{1,3}$`)

// addDevices reads --device, --device-cgroup-rule and --gpus.
func (o *options) addDevices(r *request) error {
	r.host.DeviceCgroupRules = o.deviceRules
	for _, spec := range o.gpus {
		request, err := gpuSpec(spec)
		if err != nil {
			return lang.Errorf("--gpus %s: %w", spec, err)
		}
		r.host.DeviceRequests = append(r.host.DeviceRequests, request)
	}
	var cdi []string
	for _, spec := range o.devices {
		if cdiName.MatchString(spec) {
			cdi = append(cdi, spec)
			continue
		}
		d, err := deviceSpec(spec)
		if err != nil {
			return err
		}
		r.host.Devices = append(r.host.Devices, d)
	}
	if len(cdi) > 0 {
		r.host.DeviceRequests = append(r.host.DeviceRequests, container.DeviceRequest{Driver: "cdi", DeviceIDs: cdi})
	}
	return nil
}

// deviceSpec reads host[:container][:permissions].
func deviceSpec(spec string) (container.DeviceMapping, error) {
	d := container.DeviceMapping{CgroupPermissions: "rwm"}
	parts := strings.Split(spec, ":")
	inside := parts[0]
	switch {
	case len(parts) > 3 || parts[0] == "":
		return d, lang.Errorf("--device %s: want host[:container][:permissions]", spec)
	case len(parts) == 3 && !validMode(parts[2]):
		return d, lang.Errorf("--device %s: permissions are of the letters r, w and m", spec)
	case len(parts) == 3:
		inside, d.CgroupPermissions = parts[1], parts[2]
	case len(parts) == 2 && validMode(parts[1]):
		d.CgroupPermissions = parts[1]
	case len(parts) == 2:
		inside = parts[1]
	}
	if _, open := unresolved.In(inside); !open && !path.IsAbs(inside) {
		return d, lang.Errorf("--device %s: %s is not an absolute path", spec, inside)
	}
	d.PathOnHost, d.PathInContainer = parts[0], inside
	if len(parts) < 3 {
		d.PathInContainer = path.Clean(inside)
	}
	if len(parts) == 1 || inside == parts[0] && len(parts) == 2 {
		d.PathOnHost = d.PathInContainer
	}
	return d, nil
}

func validMode(s string) bool {
	return deviceMode.MatchString(s) && strings.Count(s, "r") < 2 && strings.Count(s, "w") < 2 && strings.Count(s, "m") < 2
}

// gpuSpec reads a value of --gpus: all, a count, or keys in CSV.
func gpuSpec(spec string) (container.DeviceRequest, error) {
	req := container.DeviceRequest{Capabilities: [][]string{{"gpu"}}}
	fields, err := csv.NewReader(strings.NewReader(spec)).Read()
	if err != nil {
		return req, lang.Errorf("the value cannot be read: %w", err)
	}
	seen := map[string]bool{}
	for _, field := range fields {
		key, value, assigned := strings.Cut(field, "=")
		if seen[key] {
			return req, lang.Errorf("%s is given twice", key)
		}
		seen[key] = true
		if !assigned {
			key, value = "count", key
		}
		switch key {
		case "count":
			if value != "all" && !validInt(value) {
				return req, lang.Errorf("count %q is neither all nor a number", value)
			}
		case "driver":
			req.Driver = value
		case "device":
			req.DeviceIDs = strings.Split(value, ",")
		case "capabilities":
			req.Capabilities = [][]string{append(strings.Split(value, ","), "gpu")}
		case "options":
		default:
			return req, lang.Errorf("there is no key %s", key)
		}
	}
	return req, nil
}
