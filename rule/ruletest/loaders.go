package ruletest

import (
	"errors"
	"reflect"

	"seawall/snapshot"
	"seawall/source/runline"
)

// errNoLoader is returned for a kind of example that has no source yet.
var errNoLoader = errors.New("no source loads this kind of example yet")

// loadRun reads a docker run line.
func loadRun(line string) (snapshot.Container, error) {
	c, err := runline.Parse(line)
	if c.Name == "" {
		c.Name = "example"
	}
	return c, err
}

// loadDaemon reads a daemon.json.
func loadDaemon(string) (snapshot.Settings, error) {
	return snapshot.Settings{}, errNoLoader
}

// loadConfig reads a client's config.json.
func loadConfig(string) (snapshot.ClientConfig, error) {
	return snapshot.ClientConfig{}, errNoLoader
}

// overlay replaces the settings that were declared, which are those that a
// source collected.
func overlay(settings, declared *snapshot.Settings) {
	to, from := reflect.ValueOf(settings).Elem(), reflect.ValueOf(declared).Elem()
	for i := range from.NumField() {
		if f, ok := from.Field(i).Addr().Interface().(snapshot.AnyFact); ok && f.State() != snapshot.NotCollected {
			to.Field(i).Set(from.Field(i))
		}
	}
}
