package runline

import (
	"encoding/csv"
	"path"
	"strings"

	"github.com/moby/moby/api/types/mount"

	"seawall/lang"
	"seawall/source/unresolved"
)

// volumeSpec reads a value of -v and returns it as the engine takes it; "" for
// a path alone, which asks for an anonymous volume.
func volumeSpec(spec string, env Environment) (string, error) {
	if spec == "" {
		return "", lang.Error("-v with an empty value")
	}
	parts := strings.Split(spec, ":")
	for _, p := range parts {
		if p == "" {
			return "", lang.Errorf("-v %s: there is nothing between two colons", spec)
		}
	}
	switch {
	case len(parts) == 1:
		return "", nil
	case len(parts) > 3:
		return "", lang.Errorf("-v %s: too many colons", spec)
	}
	parts[0] = env.hostPath(parts[0])
	return strings.Join(parts, ":"), nil
}

// hostPath makes a source that starts with a dot absolute, as the CLI does.
func (e Environment) hostPath(source string) string {
	if !strings.HasPrefix(source, ".") {
		return source
	}
	if e.Dir == "" {
		return unresolved.Value(source)
	}
	return path.Join(e.Dir, source)
}

// mountSpec reads a value of --mount: comma-separated key=value in CSV.
func mountSpec(spec string, env Environment) (mount.Mount, error) {
	m := mount.Mount{Type: mount.TypeVolume}
	fields, err := csv.NewReader(strings.NewReader(strings.TrimSpace(spec))).Read()
	if err != nil {
		return m, lang.Errorf("the value cannot be read: %w", err)
	}
	used := map[string]bool{}
	for _, field := range fields {
		key, value, assigned := strings.Cut(field, "=")
		key = strings.ToLower(key)
		if assigned && strings.TrimSpace(value) == "" {
			return m, lang.Errorf("%s has no value", key)
		}
		if prefix, _, dashed := strings.Cut(key, "-"); dashed {
			used[prefix] = true
		}
		if err := mountField(&m, key, value, assigned, env); err != nil {
			return m, err
		}
	}
	delete(used, string(m.Type))
	for prefix := range used {
		return m, lang.Errorf("%s- options do not go with type %s", prefix, m.Type)
	}
	return m, nil
}

// mountField sets one key of --mount.
func mountField(m *mount.Mount, key, value string, assigned bool, env Environment) error {
	switch key {
	case "readonly", "ro":
		return setBool(&m.ReadOnly, key, value, assigned)
	case "volume-nocopy", "bind-nonrecursive", "bind-create-src":
		var ignored bool
		return setBool(&ignored, key, value, assigned)
	}
	if !assigned {
		return lang.Errorf("%s is not of the form key=value", key)
	}
	switch key {
	case "type":
		m.Type = mount.Type(strings.ToLower(value))
	case "source", "src":
		m.Source = env.hostPath(value)
	case "target", "dst", "destination":
		m.Target = value
	case "bind-propagation":
		m.BindOptions = &mount.BindOptions{Propagation: mount.Propagation(strings.ToLower(value))}
	case "volume-driver":
		driverOf(m).Name = value
	case "volume-opt":
		name, option, _ := strings.Cut(value, "=")
		driver := driverOf(m)
		if driver.Options == nil {
			driver.Options = map[string]string{}
		}
		driver.Options[name] = option
	case "consistency", "bind-recursive", "volume-subpath", "volume-label", "image-subpath", "tmpfs-size", "tmpfs-mode":
	default:
		return lang.Errorf("there is no option %s", key)
	}
	return nil
}

func driverOf(m *mount.Mount) *mount.Driver {
	if m.VolumeOptions == nil {
		m.VolumeOptions = &mount.VolumeOptions{DriverConfig: &mount.Driver{}}
	}
	return m.VolumeOptions.DriverConfig
}

// setBool: a flag alone is true.
func setBool(p *bool, key, value string, assigned bool) error {
	switch {
	case !assigned, value == "1", value == "true":
		*p = true
	case value == "0", value == "false":
		*p = false
	default:
		return lang.Errorf("%s=%s is neither true nor false", key, value)
	}
	return nil
}
