package ruletest

import (
	"errors"
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

// loadConfig reads a client's config.json.
func loadConfig(text string) (snapshot.ClientConfig, error) {
	config := clientconfig.ParseConfig([]byte(text))
	if config.Error != "" {
		return config, errors.New(config.Error)
	}
	return config, nil
}

// overlay replaces the settings that were declared. What a declaration leaves
// to the host stays as the baseline has it.
func overlay(settings, declared *snapshot.Settings) {
	to, from := reflect.ValueOf(settings).Elem(), reflect.ValueOf(declared).Elem()
	for i := range from.NumField() {
		if f, ok := from.Field(i).Addr().Interface().(snapshot.AnyFact); ok && (f.State() == snapshot.Seen || f.State() == snapshot.Absent) {
			to.Field(i).Set(from.Field(i))
		}
	}
}
