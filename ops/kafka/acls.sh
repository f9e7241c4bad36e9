#!/bin/sh
# Prints the commands that grant each role of acls.txt its rights. Look at them, then run them:
#   ops/kafka/acls.sh kafka:9092 admin.properties | sh
# Each role is a user of the same name with the prefix given, such as User:tailrace-node; kafka-acls.sh
# comes with Kafka and must be on the PATH.
set -eu
case $# in
  2 | 3) ;;
  *)
    echo "usage: $0 HOST:PORT ADMIN.PROPERTIES [USER-PREFIX, tailrace- unless given]" >&2
    exit 2
    ;;
esac
prefix=${3-tailrace-}
while read -r role operations resource name; do
  case $role in '' | '#'*) continue ;; esac
  pattern=literal
  case $resource in *-prefix) pattern=prefixed ;; esac
  flags=
  for operation in $(echo "$operations" | tr , ' '); do
    flags="$flags --operation $operation"
  done
  echo "kafka-acls.sh --bootstrap-server $1 --command-config $2 --add" \
    "--allow-principal User:$prefix$role$flags" \
    "--${resource%-prefix} $name --resource-pattern-type $pattern"
done <"$(dirname "$0")/acls.txt"
