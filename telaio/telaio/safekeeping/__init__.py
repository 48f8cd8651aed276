"""What keeps a service's data safe, and lets a partner take them away: backup, restore, recovery, export."""
