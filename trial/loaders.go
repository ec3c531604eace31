package trial

import (
	"reflect"

	"seawall/snapshot"
	"seawall/source/clientconfig"
	"seawall/source/daemonconfig"
	"seawall/source/runline"
)

// loadRun reads a docker run line.
func loadRun(line string) (snapshot.Container, error) {
	c, err := runline.Parse(line)
	if c.Name == "" {
		c.Name = "example"
	}
	return c, err
}

// loadDaemon reads a daemon.json.
func loadDaemon(text string) (snapshot.Settings, error) {
	return daemonconfig.Declared("daemon.json", []byte(text))
}

// loadConfig reads a client's config.json. One that does not parse is loaded as
// what it is: a configuration with an error.
func loadConfig(text string) snapshot.ClientConfig {
	return clientconfig.ParseConfig([]byte(text))
}

// overlay replaces the facts that a declaration decides, defaults included. What it
// leaves open stays as the baseline has it.
func overlay[T any](facts, declared *T) {
	to, from := reflect.ValueOf(facts).Elem(), reflect.ValueOf(declared).Elem()
	for i := range from.NumField() {
		f, ok := from.Field(i).Addr().Interface().(snapshot.AnyFact)
		if ok && (f.State() == snapshot.Seen || f.State() == snapshot.Absent) {
			to.Field(i).Set(from.Field(i))
		}
	}
}
