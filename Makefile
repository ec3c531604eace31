# Seawall. `make help` lists the targets.
export CGO_ENABLED = 0
test test-vm record-vm bench fuzz mutate lint docs package share: export LC_ALL = C

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS = -s -w -X seawall/cli.Version=$(VERSION)
# Tests start engines, which needs root.
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo -E env "PATH=$$PATH")

SHARE_DATE := $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%d --format=%cd 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help build package share audit test test-vm record-vm lint docs bench fuzz mutate translations new-rule clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

build: ## build bin/seawall, and bin/docker-seawall for the Docker CLI
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/seawall ./cmd/seawall
	ln -sf seawall bin/docker-seawall

package: ## build dist/: archives, packages (deb, rpm, apk), bills of materials, checksums
	go run -C packaging/release . build $(if $(RELEASE),-version $(RELEASE))

share: ## write bin/share/: manual pages, completions, licences of linked modules
	go run ./packaging/share -version $(VERSION) $(if $(SHARE_DATE),-date $(SHARE_DATE)) bin/share
	go run -C packaging/release . licenses "$(CURDIR)/bin/share/doc/third-party-licenses.gz"

audit: build ## audit the engine of this machine, or a demo engine if it has none
	scripts/audit.sh

test: ## install what the tests need and pass them all
	scripts/setup-lab.sh
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go vet -tags vm ./e2e ./lab/vm
	GOARCH=arm64 go vet ./source/observe
	GOARCH=arm64 go build -trimpath -o /dev/null ./cmd/seawall
	cd packaging/release && go vet ./... && go test ./...
	$(ROOT) go test -timeout 30m ./...

test-vm: ## boot whole systems (AppArmor, SELinux, systemd) in an emulator and audit them; takes half an hour
	scripts/setup-vm.sh
	$(ROOT) go test -tags vm -run VM -timeout 120m -v ./lab/vm ./e2e

record-vm: ## the same, and record the systems' snapshots for the ordinary tests
	scripts/setup-vm.sh
	$(ROOT) go test -tags vm -run VM -timeout 120m -v ./e2e -record

lint: ## check the code with staticcheck
	go tool staticcheck ./...
	go tool staticcheck -tags vm ./e2e ./lab/vm

docs: ## write the generated parts of docs/, and all of it as a site to bin/site
	go run ./docs/gen
	go run ./docs/site bin/site

bench: ## measure audits beside the bare API fetch, and evaluation alone
	scripts/setup-lab.sh 28.5
	$(ROOT) go test -run '^$$' -bench . -benchtime 5x -timeout 60m ./bench ./source/probe

mutate: ## change every condition of the rules, one at a time, and see that a test notices
	go run ./mutate

fuzz: ## run every fuzz test for FUZZTIME (default 30s)
	scripts/fuzz.sh $(FUZZTIME)

translations: ## bring the catalogs of translations up to date, and list what is left to translate
	go run ./lang/update

new-rule: ## scaffold a rule: make new-rule ID=container-has-a-fault
	go run ./rules/scaffold $(ID)

clean: ## remove what was built
	rm -rf bin dist
