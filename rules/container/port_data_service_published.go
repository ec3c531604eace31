package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// dataServices are databases, caches, queues and debuggers by their ports (the
// IANA registry and the programs' documentation). High are those that let
// everyone in unless they are told otherwise.
var dataServices = []knownPort{
	{1433, "tcp", rule.Medium, "SQL Server"},
	{1521, "tcp", rule.Medium, "Oracle"},
	{2181, "tcp", rule.High, "ZooKeeper"},
	{2379, "tcp", rule.High, "etcd"},
	{3306, "tcp", rule.Medium, "MySQL"},
	{4222, "tcp", rule.High, "NATS"},
	{5005, "tcp", rule.High, lang.N("a Java debugger")},
	{5432, "tcp", rule.Medium, "PostgreSQL"},
	{5672, "tcp", rule.Medium, "RabbitMQ"},
	{5984, "tcp", rule.Medium, "CouchDB"},
	{6379, "tcp", rule.High, "Redis"},
	{8500, "tcp", rule.High, "Consul"},
	{9042, "tcp", rule.High, "Cassandra"},
	{9092, "tcp", rule.High, "Kafka"},
	{9200, "tcp", rule.High, "Elasticsearch"},
	{9229, "tcp", rule.High, lang.N("a Node.js debugger")},
	{9300, "tcp", rule.High, "Elasticsearch"},
	{11211, "tcp", rule.High, "memcached"},
	{27017, "tcp", rule.High, "MongoDB"},
}

func dataServicePublished() *rule.Rule {
	return &rule.Rule{
		ID:       "port-data-service-published",
		Title:    "A database or debugger is published to the network",
		Severity: rule.Medium,
		Why: "Databases, caches and queues are made for a few programs, and many ask for no password: whoever reaches the port reads and deletes the data, with a debugger runs code. " +
			"Docker opens the port past ufw and firewalld. The service is told by the port in the container.",
		Fix: rule.Fix{
			Text:    "Do not publish the port: containers reach the service by its name over a network of their own. For tools on the host publish it on 127.0.0.1.",
			Run:     "--network app   # without -p, or with -p 127.0.0.1:5432:5432",
			Compose: "services:\n  web:\n    networks: [app]   # without ports",
			Breaks:  "Clients on other machines: give them a VPN or an ssh tunnel.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.OnLoopback()}},
		},
		Refs: rule.Refs{CISRelated: "5.9", NIST: "4.4.2", ATTACK: "T1190 T1133", Guide: "G12", Docs: "Port publishing and mapping"},
		Bad: []rule.Example{
			{Run: "docker run --network app -p 6379:6379 redis"},
			{Run: "docker run -p 0.0.0.0:15432:5432 postgres"},
			{Run: "docker run -p '[::]:27017:27017' mongo"},
		},
		Good: []rule.Example{
			{Run: "docker run -p 127.0.0.1:5432:5432 postgres"},
			{Run: "docker run -p 0.0.0.0:6379:80 nginx"},
			{Show: "an engine that publishes on localhost", Run: "docker run -p 6379:6379 redis"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			severity, text := publishes(c, ctr, openPorts(c, ctr), dataServices)
			if severity == 0 {
				return c.Pass("it publishes no port of a known database or debugger")
			}
			reason := ""
			if severity > rule.Medium {
				reason = lang.T("such a service lets everyone in unless it is told otherwise")
			}
			return c.FailAs(severity, reason, "it publishes %s%s", text, life(ctr))
		},
	}
}
