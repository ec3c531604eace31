// Package composefile reads Compose files and tells which containers, networks and
// volumes they declare, without an engine.
//
// Only files of the project are read: the ones that are named, what they include or
// extend below the project's directory, and its .env. Files of variables and labels
// (env_file, label_file), secrets and configs are not opened. Variables that no file
// sets have no value here: what depends on one is a gap of reason unresolved. Services
// of all profiles are told.
package composefile
